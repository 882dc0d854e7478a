package org.deepcovid.core.image;

import java.util.Arrays;

/**
 * Resizes an image as Pillow does: first horizontally, rounded to 8 bits, then vertically. Each
 * input row is added with its weights to the output rows that depend on it.
 */
final class BilinearResize {

    private static final int HALF = 1 << (ResizeFilter.BITS - 1);

    private final ResizeFilter columns;
    private final ResizeFilter rows;
    private final int channels;
    private final long[] pairs; // see ResizeFilter.pairs(); empty if none
    private final long[] sums; // running sums of sample * pair
    private final int[] narrow; // 0 to 255
    private final int[][] result; // fixed-point numbers
    private int open; // first output row that still lacks input rows

    private BilinearResize(ResizeFilter columns, ResizeFilter rows, int channels) {
        this.columns = columns;
        this.rows = rows;
        this.channels = channels;
        pairs = columns.pairs().orElse(new long[0]);
        sums = new long[pairs.length + 1];
        narrow = new int[columns.length() * channels];
        result = new int[rows.length()][narrow.length];
        for (int[] row : result) {
            Arrays.fill(row, HALF);
        }
    }

    /** Resizes the part of an image whose upper left corner is (left, top). */
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

    private void row(int y, byte[] samples, int offset) {
        narrow(samples, offset);
        for (int out = open; out < rows.length() && rows.start(out) <= y; out++) {
            if (y < rows.end(out)) {
                blend(result[out], rows.weights(out)[y - rows.start(out)]);
            }
        }
        while (open < rows.length() && rows.end(open) <= y + 1) {
            open++;
        }
    }

    private RasterImage result() {
        byte[] out = new byte[rows.length() * narrow.length];
        for (int y = 0; y < rows.length(); y++) {
            for (int x = 0; x < narrow.length; x++) {
                out[y * narrow.length + x] = (byte) to8Bits(result[y][x]);
            }
        }
        return RasterImage.wrap(columns.length(), rows.length(), channels, out);
    }

    private void narrow(byte[] in, int offset) {
        for (int c = 0; c < channels; c++) {
            if (pairs.length > 0) {
                narrowReducing(in, offset + c, c);
            } else {
                narrowPlainly(in, offset + c, c);
            }
        }
    }

    private void narrowPlainly(byte[] in, int offset, int out) {
        for (int x = 0; x < columns.length(); x++) {
            int[] weights = columns.weights(x);
            int first = offset + columns.start(x) * channels;
            int sum = HALF;
            for (int i = 0; i < weights.length; i++) {
                sum += (in[first + i * channels] & 0xFF) * weights[i];
            }
            narrow[out + x * channels] = to8Bits(sum);
        }
    }

    /**
     * Multiplies a sample by its weights in an even and in an odd output at once (two 32-bit halves
     * of a long), and takes each output as the difference of two running sums. The sums overflow;
     * their differences do not, since neither half reaches 2^31.
     */
    private void narrowReducing(byte[] in, int offset, int out) {
        int start = columns.start(0);
        long sum = 0;
        for (int i = 0, at = offset + start * channels; i < pairs.length; i++, at += channels) {
            sum += (in[at] & 0xFF) * pairs[i];
            sums[i + 1] = sum;
        }
        for (int x = 0; x < columns.length(); x++) {
            long both = sums[columns.end(x) - start] - sums[columns.start(x) - start];
            int one = (int) (both >>> (32 * (x & 1)));
            narrow[out + x * channels] = to8Bits(HALF + one);
        }
    }

    /** A plain loop, so that the JIT compiler vectorises it. */
    private void blend(int[] row, int weight) {
        for (int x = 0; x < row.length; x++) {
            row[x] += narrow[x] * weight;
        }
    }

    /** Weights are not negative, but may sum up to a little more than one. */
    private static int to8Bits(int sum) {
        return Math.min(255, sum >> ResizeFilter.BITS);
    }
}
