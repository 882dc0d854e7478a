package org.deepcovid.core.image;

import java.util.Arrays;

/**
 * Resizes an image whose rows come one after the other, so that no more than one of them need be in
 * memory. Each row is narrowed and rounded to 8 bits, then blended into the rows of the result, as
 * Pillow does.
 */
final class BilinearResize {

    private static final int HALF = 1 << (ResizeFilter.BITS - 1);

    private final ResizeFilter columns;
    private final ResizeFilter rows;
    private final int channels;
    private final byte[] narrow;
    private final int[][] sums;
    private int open; // the first row of the result that later rows still add to

    /**
     * Begins a resize.
     *
     * @param columns from the width of the rows to that of the result
     * @param rows from the number of rows to the height of the result
     * @param channels 1 or 3
     */
    BilinearResize(ResizeFilter columns, ResizeFilter rows, int channels) {
        this.columns = columns;
        this.rows = rows;
        this.channels = channels;
        narrow = new byte[columns.length() * channels];
        sums = new int[rows.length()][narrow.length];
        for (int[] row : sums) {
            Arrays.fill(row, HALF);
        }
    }

    /** Resizes a window of an image, whose upper left corner is given. */
    static RasterImage apply(
            RasterImage image, int left, int top, ResizeFilter columns, ResizeFilter rows) {
        int channels = image.channels();
        BilinearResize resize = new BilinearResize(columns, rows, channels);
        for (int y = rows.start(0); y < rows.end(); y++) {
            int offset = ((top + y) * image.width() + left) * channels;
            resize.row(y, image.samples(), offset);
        }
        return resize.result();
    }

    /**
     * Takes a row; one that the result does not depend on has no effect.
     *
     * @param y its number; larger than that of the row before
     * @param samples holds the row
     * @param offset of the row's first sample
     */
    void row(int y, byte[] samples, int offset) {
        if (y < rows.start(0) || y >= rows.end()) {
            return;
        }
        narrow(samples, offset);
        for (int out = open; out < rows.length() && rows.start(out) <= y; out++) {
            if (y < rows.end(out)) {
                blend(sums[out], rows.weights(out)[y - rows.start(out)]);
            }
        }
        while (open < rows.length() && rows.end(open) <= y + 1) {
            open++;
        }
    }

    /** The result, after the last row. */
    RasterImage result() {
        byte[] out = new byte[rows.length() * narrow.length];
        for (int y = 0; y < rows.length(); y++) {
            for (int x = 0; x < narrow.length; x++) {
                out[y * narrow.length + x] = to8Bits(sums[y][x]);
            }
        }
        return RasterImage.wrap(columns.length(), rows.length(), channels, out);
    }

    private void narrow(byte[] in, int offset) {
        if (channels == 1) {
            narrowGrey(in, offset);
        } else {
            narrowColour(in, offset);
        }
    }

    private void narrowGrey(byte[] in, int offset) {
        for (int x = 0; x < columns.length(); x++) {
            int[] weights = columns.weights(x);
            int first = offset + columns.start(x);
            int sum = HALF;
            for (int i = 0; i < weights.length; i++) {
                sum += (in[first + i] & 0xFF) * weights[i];
            }
            narrow[x] = to8Bits(sum);
        }
    }

    private void narrowColour(byte[] in, int offset) {
        for (int x = 0; x < columns.length(); x++) {
            int[] weights = columns.weights(x);
            int first = offset + 3 * columns.start(x);
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            for (int i = 0; i < weights.length; i++) {
                int weight = weights[i];
                red += (in[first + 3 * i] & 0xFF) * weight;
                green += (in[first + 3 * i + 1] & 0xFF) * weight;
                blue += (in[first + 3 * i + 2] & 0xFF) * weight;
            }
            narrow[3 * x] = to8Bits(red);
            narrow[3 * x + 1] = to8Bits(green);
            narrow[3 * x + 2] = to8Bits(blue);
        }
    }

    /** Adds a whole row, which the compiler turns into vector instructions. */
    private void blend(int[] sum, int weight) {
        for (int x = 0; x < sum.length; x++) {
            sum[x] += (narrow[x] & 0xFF) * weight;
        }
    }

    private static byte to8Bits(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> ResizeFilter.BITS));
    }
}
