package org.deepcovid.core.image;

import java.util.Arrays;

/**
 * Resizes an image that comes as the cosine coefficients of its 8 x 8 blocks: first a row of blocks
 * to 8 lines of the width of the result, one a vertical frequency, then these into the result. That
 * the samples in between are never made saves most of the work (N. Merhav, V. Bhaskaran, 1997, doi
 * 10.1109/76.585926).
 */
final class BlockResize {

    private final BlockFilter columns;
    private final BlockFilter rows;
    private final int rowsAtOnce;
    private final float[][] lines; // of each row of blocks at once, by vertical frequency
    private final float[][] sums;

    /**
     * Begins a resize.
     *
     * @param columns from the width of the image to that of the result
     * @param rows from the height of the image to that of the result
     * @param rowsAtOnce rows of blocks whose blocks come mixed
     */
    BlockResize(BlockFilter columns, BlockFilter rows, int rowsAtOnce) {
        this.columns = columns;
        this.rows = rows;
        this.rowsAtOnce = rowsAtOnce;
        lines = new float[rowsAtOnce * Cosines.LENGTH][columns.outputs()];
        sums = new float[rows.outputs()][columns.outputs()];
    }

    /** Whether the result depends on a block. */
    boolean needs(int column, int row) {
        return columns.reaches(column) && rows.reaches(row);
    }

    /**
     * Adds a block that {@link #needs} asks for.
     *
     * @param column of the block
     * @param row of the block, among those that come at once
     * @param block its coefficients
     */
    void add(int column, int row, CosineBlock block) {
        float[] weights = columns.weights(column);
        int first = columns.first(column);
        for (int v = 0; v < Cosines.LENGTH; v++) {
            if (block.hasRow(v)) {
                addRow(
                        block.values(),
                        v * Cosines.LENGTH,
                        weights,
                        lines[row * Cosines.LENGTH + v],
                        first);
            }
        }
    }

    /** Written out, so that the coefficients stay in registers. */
    private static void addRow(float[] block, int at, float[] weights, float[] line, int first) {
        float c0 = block[at];
        float c1 = block[at + 1];
        float c2 = block[at + 2];
        float c3 = block[at + 3];
        float c4 = block[at + 4];
        float c5 = block[at + 5];
        float c6 = block[at + 6];
        float c7 = block[at + 7];
        int out = first;
        for (int w = 0; w < weights.length; w += 8) {
            line[out++] +=
                    (c0 * weights[w] + c1 * weights[w + 1])
                            + (c2 * weights[w + 2] + c3 * weights[w + 3])
                            + (c4 * weights[w + 4] + c5 * weights[w + 5])
                            + (c6 * weights[w + 6] + c7 * weights[w + 7]);
        }
    }

    /** Ends the rows of blocks that came at once, and begins the next. */
    void endRows(int first) {
        for (int i = 0; i < rowsAtOnce; i++) {
            if (rows.reaches(first + i)) {
                addLines(first + i, i * Cosines.LENGTH);
            }
        }
        for (float[] line : lines) {
            Arrays.fill(line, 0);
        }
    }

    private void addLines(int row, int firstLine) {
        float[] weights = rows.weights(row);
        int count = rows.count(row);
        for (int v = 0; v < Cosines.LENGTH; v++) {
            for (int i = 0; i < count; i++) {
                addLine(
                        sums[rows.first(row) + i],
                        lines[firstLine + v],
                        weights[i * Cosines.LENGTH + v]);
            }
        }
    }

    private static void addLine(float[] sum, float[] line, float weight) {
        for (int x = 0; x < sum.length; x++) {
            sum[x] += line[x] * weight;
        }
    }

    /**
     * The result, after the last row of blocks.
     *
     * @param channels 1, or 3 to repeat the grey in all of them
     */
    RasterImage result(int channels) {
        int width = columns.outputs();
        byte[] samples = new byte[width * rows.outputs() * channels];
        int out = 0;
        for (float[] sum : sums) {
            for (float value : sum) {
                byte grey =
                        (byte) Math.max(0, Math.min(255, Math.round(value + CosineBlock.MID_GREY)));
                Arrays.fill(samples, out, out + channels, grey);
                out += channels;
            }
        }
        return RasterImage.wrap(width, rows.outputs(), channels, samples);
    }
}
