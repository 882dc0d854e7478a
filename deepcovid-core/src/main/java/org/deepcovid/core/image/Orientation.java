package org.deepcovid.core.image;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;

/**
 * EXIF orientation: values 1 to 8 of tag 0x0112 give the position of the stored rows and columns in
 * the upright image (CIPA DC-008, "Exif 2.32").
 */
final class Orientation {

    static final int UPRIGHT = 1;

    private Orientation() {}

    /**
     * Reads the tag from an EXIF block.
     *
     * @param tiff the block, beginning with its TIFF header
     * @return 1 to 8; 1 if the tag is missing or cannot be read
     */
    static int of(byte[] tiff) {
        Metadata metadata = new Metadata();
        new ExifReader().extract(new ByteArrayReader(tiff), metadata, 0);
        for (ExifIFD0Directory directory : metadata.getDirectoriesOfType(ExifIFD0Directory.class)) {
            Integer value = directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            if (value != null) {
                return value >= UPRIGHT && value <= 8 ? value : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    /** Rotates and mirrors an image to be upright. */
    static RasterImage upright(RasterImage image, int orientation) {
        if (orientation == UPRIGHT) {
            return image;
        }
        boolean transposed = orientation >= 5;
        boolean fromRight =
                orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom =
                orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int width = transposed ? image.height() : image.width();
        int height = transposed ? image.width() : image.height();
        int channels = image.channels();
        byte[] in = image.samples();
        byte[] out = new byte[in.length];
        int to = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = transposed ? y : x;
                int row = transposed ? x : y;
                int sourceX = fromRight ? image.width() - 1 - column : column;
                int sourceY = fromBottom ? image.height() - 1 - row : row;
                int from = (sourceY * image.width() + sourceX) * channels;
                for (int c = 0; c < channels; c++) {
                    out[to++] = in[from + c];
                }
            }
        }
        return image.withPixels(width, height, out);
    }
}
