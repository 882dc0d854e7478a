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
        for (int y = firstRow; y < rows.end(); y++) {
            int from = y * image.width() * channels;
            resizeRow(image.samples(), from, channels, narrow, (y - firstRow) * rowLength);
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
        int to = outOffset;
        for (int x = 0; x < columns.length(); x++) {
            int[] weights = columns.weights(x);
            int first = inOffset + columns.start(x) * channels;
            for (int c = 0; c < channels; c++) {
                int sum = HALF;
                int from = first + c;
                for (int weight : weights) {
                    sum += (in[from] & 0xFF) * weight;
                    from += channels;
                }
                out[to++] = to8Bits(sum);
            }
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
