package org.deepcovid.core.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * JPEG. Components are read raw and converted to grey or RGB here, without any colour profile of
 * the file or the machine.
 */
final class JpegFormat implements ImageFormat {

    /** One block of image data seldom takes fewer. */
    private static final int MOST_STRAY_BYTES = 8;

    private static final Pattern EXTRA_BYTES =
            Pattern.compile(".* (\\d+) extraneous bytes before marker 0xd9.*");

    private static final class Holder {
        static final ImageReaderSpi READER = Codec.ofJdk("jpeg");
    }

    @Override
    public Size size(byte[] bytes) throws IOException {
        return JpegStructure.header(bytes).size();
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        JpegStructure structure = JpegStructure.whole(bytes);
        RasterImage stored = decode(structure, structure.isLumaChroma());
        int orientation = structure.exif().map(Orientation::of).orElse(Orientation.UPRIGHT);
        return Orientation.upright(stored, orientation);
    }

    /** Decodes without EXIF orientation, to grey or RGB. */
    static RasterImage decode(JpegStructure structure, boolean lumaChroma) throws IOException {
        byte[] plain = structure.plain();
        Raster raster =
                Codec.read(
                        Holder.READER, plain, (reader, warnings) -> readRaster(reader, warnings, plain));
        return JpegColours.toGreyOrRgb(raster, structure.components(), lumaChroma);
    }

    private static Raster readRaster(ImageReader reader, List<String> warnings, byte[] plain)
            throws IOException {
        Raster raster = reader.readRaster(0, null);
        for (String warning : warnings) { // libjpeg fills the rest with grey
            if (!isHarmless(warning, plain)) {
                throw new IOException("its JPEG data is damaged: " + warning);
            }
        }
        return raster;
    }

    /**
     * Whether a warning tells of bytes before the end marker that are padding, or too few to be
     * image data that a decoder missed.
     */
    private static boolean isHarmless(String warning, byte[] plain) {
        Matcher extra = EXTRA_BYTES.matcher(warning);
        if (!extra.matches()) {
            return false;
        }
        int count = Integer.parseInt(extra.group(1));
        int last = plain.length - 3;
        boolean padding = true;
        for (int i = last; i > last - count; i--) {
            padding &= plain[i] == plain[last];
        }
        return padding || count <= MOST_STRAY_BYTES;
    }
}
