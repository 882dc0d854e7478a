package org.deepcovid.core.image;

/**
 * The discrete cosine transform of 8 samples, scaled so that its inverse is its transpose; applied
 * to rows and columns it is that of JPEG (ITU-T T.81, A.3.3).
 */
final class Cosines {

    /** Samples and frequencies of a line of a block. */
    static final int LENGTH = 8;

    private static final float[] TABLE = table();

    private Cosines() {}

    private static float[] table() {
        float[] table = new float[LENGTH * LENGTH];
        for (int frequency = 0; frequency < LENGTH; frequency++) {
            double scale = frequency == 0 ? Math.sqrt(0.125) : 0.5;
            for (int sample = 0; sample < LENGTH; sample++) {
                double angle = (2 * sample + 1) * frequency * Math.PI / 16;
                table[frequency * LENGTH + sample] = (float) (scale * Math.cos(angle));
            }
        }
        return table;
    }

    /** The value of a frequency's wave at a sample. */
    static float at(int frequency, int sample) {
        return TABLE[frequency * LENGTH + sample];
    }

    /** Coefficients of a block to samples, in place; row by row, vertical frequency first. */
    static void inverse(float[] block, float[] scratch) {
        pass(block, scratch, LENGTH, 1);
        pass(scratch, block, LENGTH, 1);
    }

    /** Samples of a block to coefficients, in place. */
    static void forward(float[] block, float[] scratch) {
        pass(block, scratch, 1, LENGTH);
        pass(scratch, block, 1, LENGTH);
    }

    /**
     * Transforms every row and writes it as a column, so that two passes leave the block upright.
     *
     * @param in step of the table for each input
     * @param out step of the table for each output
     */
    private static void pass(float[] from, float[] to, int in, int out) {
        for (int line = 0; line < LENGTH; line++) {
            for (int k = 0; k < LENGTH; k++) {
                float sum = 0;
                for (int i = 0; i < LENGTH; i++) {
                    sum += from[line * LENGTH + i] * TABLE[i * in + k * out];
                }
                to[k * LENGTH + line] = sum;
            }
        }
    }
}
