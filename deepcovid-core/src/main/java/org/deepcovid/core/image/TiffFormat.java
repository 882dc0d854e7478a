package org.deepcovid.core.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.spi.ImageReaderSpi;

/** TIFF: the first page. */
final class TiffFormat implements ImageFormat {

    private static final int PALETTE = 3;
    private static final int CMYK = 5;

    private static final class Holder {
        static final ImageReaderSpi READER = Codec.ofJdk("tiff");
    }

    @Override
    public Size size(byte[] bytes) throws IOException {
        TiffDirectory directory = TiffDirectory.first(bytes);
        return new Size(directory.width(), directory.height());
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        TiffDirectory directory = TiffDirectory.first(bytes);
        directory.requireWholePixelData();
        if (directory.photometric() == CMYK) {
            throw new IOException(
                    "it is a TIFF with CMYK colours; expected grey, RGB or a palette (convert it to"
                            + " PNG)");
        }
        BufferedImage image = Codec.readFirst(Holder.READER, bytes);
        RasterImage stored =
                directory.photometric() == PALETTE
                        ? Samples.ofIndexed(image.getRaster(), directory.palette())
                        : Samples.of(image);
        return Orientation.upright(stored, Orientation.of(bytes));
    }
}
