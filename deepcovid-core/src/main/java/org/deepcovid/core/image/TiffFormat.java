package org.deepcovid.core.image;

import java.io.IOException;
import org.deepcovid.core.image.TiffDirectory.Tag;

/** TIFF: the first page. */
final class TiffFormat implements ImageFormat {

    @Override
    public Size size(byte[] bytes) throws IOException {
        TiffDirectory directory = TiffDirectory.first(bytes);
        return new Size(directory.value(Tag.IMAGE_WIDTH), directory.value(Tag.IMAGE_LENGTH));
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        RasterImage stored = new TiffPixels(bytes, TiffDirectory.first(bytes)).decode();
        return Orientation.upright(stored, Orientation.of(bytes));
    }
}
