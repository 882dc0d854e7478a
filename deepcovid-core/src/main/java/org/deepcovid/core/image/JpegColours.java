package org.deepcovid.core.image;

import java.awt.image.Raster;
import java.io.IOException;

/** Converts raw JPEG components to grey or RGB, in libjpeg's fixed-point arithmetic. */
final class JpegColours {

    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);
    private static final int RED_CR = fixed(1.402);
    private static final int GREEN_CB = fixed(0.344136286);
    private static final int GREEN_CR = fixed(0.714136286);
    private static final int BLUE_CB = fixed(1.772);

    private JpegColours() {}

    private static int fixed(double factor) {
        return (int) (factor * (1 << BITS) + 0.5);
    }

    static RasterImage toGreyOrRgb(Raster raster, int components, boolean lumaChroma)
            throws IOException {
        if (components != raster.getNumBands() || components == 2 || components > 4) {
            throw new IOException(
                    "it is a JPEG with %d components, read as %d; expected 1, 3 or 4"
                            .formatted(components, raster.getNumBands()));
        }
        if (components == 1) {
            return Samples.ofBands(raster);
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[width * height * 3];
        int[] row = new int[width * components];
        int[] pixel = new int[3];
        int out = 0;
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int in = 0; in < row.length; in += components) {
                pixel[0] = row[in];
                pixel[1] = row[in + 1];
                pixel[2] = row[in + 2];
                if (lumaChroma) {
                    fromLumaChroma(pixel);
                }
                if (components == 4) {
                    fromInks(pixel, lumaChroma, row[in + 3]);
                }
                rgb[out++] = (byte) pixel[0];
                rgb[out++] = (byte) pixel[1];
                rgb[out++] = (byte) pixel[2];
            }
        }
        return RasterImage.wrap(width, height, 3, rgb);
    }

    private static void fromLumaChroma(int[] pixel) {
        int luma = pixel[0];
        int cb = pixel[1] - 128;
        int cr = pixel[2] - 128;
        pixel[0] = clamp(luma + ((RED_CR * cr + HALF) >> BITS));
        pixel[1] = clamp(luma + ((-GREEN_CB * cb - GREEN_CR * cr + HALF) >> BITS));
        pixel[2] = clamp(luma + ((BLUE_CB * cb + HALF) >> BITS));
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }

    /**
     * CMYK files store 255 minus the amount of ink; YCCK files store luma and chroma of the
     * amounts. {@code blackLight} is 255 minus the amount of black.
     */
    private static void fromInks(int[] pixel, boolean lumaChroma, int blackLight) {
        for (int c = 0; c < 3; c++) {
            int ink = lumaChroma ? pixel[c] : 255 - pixel[c];
            pixel[c] = blackLight - (2 * ink * blackLight + 255) / 510; // rounded ink * light / 255
        }
    }
}
