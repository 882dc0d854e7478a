package org.deepcovid.eval.explain;

import java.util.Arrays;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.PixelText;
import org.deepcovid.core.image.RasterImage;

/** An RGB picture to draw on; drawing outside its bounds has no effect. */
final class Painting {

    private final int width;
    private final int height;
    private final byte[] samples;

    private Painting(int width, int height, byte[] samples) {
        this.width = width;
        this.height = height;
        this.samples = samples;
    }

    static Painting blank(int width, int height, int colour) {
        Painting painting = new Painting(width, height, new byte[width * height * 3]);
        painting.fill(0, 0, width, height, colour);
        return painting;
    }

    static Painting of(RasterImage image) {
        Painting painting = blank(image.width(), image.height(), 0);
        painting.paste(image, 0, 0);
        return painting;
    }

    void set(int x, int y, int colour) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            int at = (y * width + x) * 3;
            samples[at] = (byte) (colour >> 16);
            samples[at + 1] = (byte) (colour >> 8);
            samples[at + 2] = (byte) colour;
        }
    }

    void blend(int x, int y, int colour, double alpha) {
        int at = (y * width + x) * 3;
        for (int c = 0; c < 3; c++) {
            int below = samples[at + c] & 0xFF;
            int above = (colour >> (16 - 8 * c)) & 0xFF;
            samples[at + c] = (byte) Math.round(below + alpha * (above - below));
        }
    }

    void fill(int left, int top, int right, int bottom, int colour) {
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                set(x, y, colour);
            }
        }
    }

    void paste(RasterImage image, int left, int top) {
        int last = image.channels() - 1;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                int red = image.sample(x, y, 0);
                int green = image.sample(x, y, Math.min(1, last));
                int blue = image.sample(x, y, last);
                set(left + x, top + y, red << 16 | green << 8 | blue);
            }
        }
    }

    /** Draws the inner edge of a mask. */
    void outline(PixelMask mask, int colour, int thickness) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (mask.contains(x, y) && nearEdge(mask, x, y, thickness)) {
                    set(x, y, colour);
                }
            }
        }
    }

    private static boolean nearEdge(PixelMask mask, int x, int y, int thickness) {
        for (int d = 1; d <= thickness; d++) {
            if (!mask.contains(x - d, y)
                    || !mask.contains(x + d, y)
                    || !mask.contains(x, y - d)
                    || !mask.contains(x, y + d)) {
                return true;
            }
        }
        return false;
    }

    void text(String line, int left, int top, int scale, int colour) {
        PixelText.draw(line, left, top, scale, (x, y) -> set(x, y, colour));
    }

    RasterImage toImage() {
        return RasterImage.of(width, height, 3, Arrays.copyOf(samples, samples.length));
    }
}
