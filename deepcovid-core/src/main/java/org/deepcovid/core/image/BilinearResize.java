package org.deepcovid.core.image;

import java.util.Arrays;

/** Resizes an image in two passes, rows first; each pass rounds to 8 bits, as Pillow does. */
final class BilinearResize {

    private static final int HALF = 1 << (ResizeFilter.BITS - 1);

    private final ResizeFilter columns;
    private final ResizeFilter rows;

    BilinearResize(ResizeFilter columns, ResizeFilter rows) {
        this.columns = columns;
        this.rows = rows;
    }

    RasterImage apply(RasterImage image) {
        int channels = image.channels();
        int firstRow = rows.start(0);
        int rowLength = columns.length() * channels;
        byte[] narrow = new byte[(rows.end() - firstRow) * rowLength];
        int stride = image.width() * channels;
        for (int y = firstRow; y < rows.end(); y++) {
            resizeRow(image.samples(), y * stride, channels, narrow, (y - firstRow) * rowLength);
        }
        byte[] out = new byte[rows.length() * rowLength];
        int[] sums = new int[rowLength];
        for (int y = 0; y < rows.length(); y++) {
            blendRows(narrow, (rows.start(y) - firstRow) * rowLength, rows.weights(y), sums);
            for (int x = 0; x < rowLength; x++) {
                out[y * rowLength + x] = to8Bits(sums[x]);
            }
        }
        return RasterImage.wrap(columns.length(), rows.length(), channels, out);
    }

    private void resizeRow(byte[] in, int inOffset, int channels, byte[] out, int outOffset) {
        if (channels == 1) {
            resizeGreyRow(in, inOffset, out, outOffset);
        } else {
            resizeColourRow(in, inOffset, out, outOffset);
        }
    }

    private void resizeGreyRow(byte[] in, int inOffset, byte[] out, int outOffset) {
        for (int x = 0; x < columns.length(); x++) {
            int[] weights = columns.weights(x);
            int first = inOffset + columns.start(x);
            int sum = HALF;
            for (int i = 0; i < weights.length; i++) {
                sum += (in[first + i] & 0xFF) * weights[i];
            }
            out[outOffset + x] = to8Bits(sum);
        }
    }

    private void resizeColourRow(byte[] in, int inOffset, byte[] out, int outOffset) {
        for (int x = 0; x < columns.length(); x++) {
            int[] weights = columns.weights(x);
            int first = inOffset + 3 * columns.start(x);
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            for (int i = 0; i < weights.length; i++) {
                int weight = weights[i];
                red += (in[first + 3 * i] & 0xFF) * weight;
                green += (in[first + 3 * i + 1] & 0xFF) * weight;
                blue += (in[first + 3 * i + 2] & 0xFF) * weight;
            }
            out[outOffset + 3 * x] = to8Bits(red);
            out[outOffset + 3 * x + 1] = to8Bits(green);
            out[outOffset + 3 * x + 2] = to8Bits(blue);
        }
    }

    /** Adds whole rows, which the compiler turns into vector instructions. */
    private static void blendRows(byte[] in, int inOffset, int[] weights, int[] sums) {
        Arrays.fill(sums, HALF);
        int from = inOffset;
        for (int weight : weights) {
            for (int x = 0; x < sums.length; x++) {
                sums[x] += (in[from + x] & 0xFF) * weight;
            }
            from += sums.length;
        }
    }

    private static byte to8Bits(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> ResizeFilter.BITS));
    }
}
