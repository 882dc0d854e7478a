package org.deepcovid.core.image;

import java.util.Arrays;

/**
 * The coefficients of a block of 8 x 8 samples, vertical frequency first, relative to mid-grey.
 * Mutable, for one thread.
 */
final class CosineBlock {

    /** Number of coefficients. */
    static final int SIZE = Cosines.LENGTH * Cosines.LENGTH;

    /** The sample that a block without coefficients has throughout. */
    static final int MID_GREY = 128;

    private static final float LARGEST_WAVE = 0.25f; // of two dimensions, but for the constant one
    private static final float CONSTANT_WAVE = 0.125f;
    private static final float SLACK = 0.5f; // what rounding to whole samples hides
    private static final float FARTHEST = 384; // from mid-grey: a whole range beyond either end

    private final float[] values = new float[SIZE];
    private final float[] scratch = new float[SIZE];
    private int rows; // one bit for each vertical frequency that is not zero throughout
    private float swing;

    /** Begins a block that is constant. */
    void begin(float constant) {
        Arrays.fill(values, 0);
        values[0] = constant;
        rows = 1;
        swing = 0;
    }

    /** Sets another coefficient than the constant one, once a block. */
    void set(int place, float value) {
        values[place] = value;
        rows |= 1 << (place >> 3);
        swing += Math.abs(value);
    }

    /** All coefficients; not to be written to. */
    float[] values() {
        return values;
    }

    boolean hasRow(int verticalFrequency) {
        return (rows >> verticalFrequency & 1) != 0;
    }

    /**
     * Limits the samples to 0 to 255, as a decoder does.
     *
     * @return false if they lie as far out of range as no encoder puts them
     */
    boolean limit() {
        float middle = MID_GREY + values[0] * CONSTANT_WAVE;
        float reach = swing * LARGEST_WAVE;
        if (middle - reach >= -SLACK && middle + reach <= 255 + SLACK) {
            return true;
        }
        Cosines.inverse(values, scratch);
        for (int i = 0; i < SIZE; i++) {
            if (!(Math.abs(values[i]) < FARTHEST)) {
                return false;
            }
            values[i] = Math.max(-MID_GREY, Math.min(255 - MID_GREY, values[i]));
        }
        Cosines.forward(values, scratch);
        rows = (1 << Cosines.LENGTH) - 1;
        return true;
    }
}
