package org.deepcovid.core.image;

import java.util.Arrays;

/**
 * Resizes an image that comes as the cosine coefficients of its 8 x 8 blocks: first a row of blocks
 * to 8 lines of the width of the result, one a vertical frequency, then these into the result. That
 * the samples in between are never made saves most of the work (N. Merhav, V. Bhaskaran, 1997, doi
 * 10.1109/76.585926).
 *
 * <p>A decoder limits samples to 0 to 255. Where a block may go beyond, its samples are made after
 * all, limited, and transformed back.
 */
final class BlockResize {

    private static final int MID_GREY = 128;
    private static final float LARGEST_WAVE = 0.25f; // of two dimensions, but for the constant one
    private static final float CONSTANT_WAVE = 0.125f;
    private static final float FARTHEST = 384; // from mid-grey: a whole range beyond either end
    private static final float SLACK = 0.5f; // what rounding to whole samples hides

    private final BlockFilter columns;
    private final BlockFilter rows;
    private final int rowsAtOnce;
    private final float[][] lines; // of each row of blocks at once, by vertical frequency
    private final float[][] sums;
    private final float[] scratch = new float[Cosines.LENGTH * Cosines.LENGTH];

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
     * @param block coefficients, vertical frequency first; may be overwritten
     * @return false if its samples lie as far out of range as no encoder puts them
     */
    boolean add(int column, int row, float[] block) {
        if (mayOvershoot(block) && !limit(block)) {
            return false;
        }
        float[] weights = columns.weights(column);
        int count = columns.count(column);
        int first = columns.first(column);
        for (int v = 0; v < Cosines.LENGTH; v++) {
            float[] line = lines[row * Cosines.LENGTH + v];
            for (int u = 0; u < Cosines.LENGTH; u++) {
                float coefficient = block[v * Cosines.LENGTH + u];
                if (coefficient != 0) {
                    int from = u * count;
                    for (int i = 0; i < count; i++) {
                        line[first + i] += coefficient * weights[from + i];
                    }
                }
            }
        }
        return true;
    }

    private static boolean mayOvershoot(float[] block) {
        float swing = 0;
        for (int i = 1; i < block.length; i++) {
            swing += Math.abs(block[i]);
        }
        float middle = MID_GREY + block[0] * CONSTANT_WAVE;
        return middle - swing * LARGEST_WAVE < -SLACK
                || middle + swing * LARGEST_WAVE > 255 + SLACK;
    }

    private boolean limit(float[] block) {
        Cosines.inverse(block, scratch);
        for (int i = 0; i < block.length; i++) {
            if (!(Math.abs(block[i]) < FARTHEST)) {
                return false;
            }
            block[i] = Math.max(-MID_GREY, Math.min(255 - MID_GREY, block[i]));
        }
        Cosines.forward(block, scratch);
        return true;
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
                addLine(sums[rows.first(row) + i], lines[firstLine + v], weights[v * count + i]);
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
                byte grey = (byte) Math.max(0, Math.min(255, Math.round(value + MID_GREY)));
                Arrays.fill(samples, out, out + channels, grey);
                out += channels;
            }
        }
        return RasterImage.wrap(width, rows.outputs(), channels, samples);
    }
}
