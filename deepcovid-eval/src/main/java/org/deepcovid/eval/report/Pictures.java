package org.deepcovid.eval.report;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.deepcovid.core.image.RasterImage;

/** Small pictures inside a page. */
final class Pictures {

    private Pictures() {}

    static BufferedImage buffered(RasterImage image) {
        int type =
                image.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
        BufferedImage copy = new BufferedImage(image.width(), image.height(), type);
        WritableRaster raster = copy.getRaster();
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                for (int c = 0; c < image.channels(); c++) {
                    raster.setSample(x, y, c, image.sample(x, y, c));
                }
            }
        }
        return copy;
    }

    /** An address that holds the picture itself, as JPEG. */
    static String dataAddress(RasterImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(buffered(image), "jpeg", bytes)) {
                throw new IllegalStateException("this Java runtime writes no JPEG of " + image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
