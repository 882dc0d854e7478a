package org.deepcovid.core.image;

import java.util.Optional;

/**
 * Weights that resample a line of samples: a triangle filter as wide as two input samples when
 * enlarging, and as two output samples (antialiasing) when reducing. Weights are fixed-point
 * numbers with {@value #BITS} fractional bits, as in Pillow, so that results agree with it to the
 * last bit.
 */
final class ResizeFilter {

    /** 32 bits hold 8 sample bits, these, and 2 for overshoot before rounding. */
    static final int BITS = 22;

    private final int[] starts;
    private final int[][] weights;

    /**
     * Weights for a window of the output.
     *
     * @param inputLength samples of the line
     * @param outputLength samples of the whole resized line
     * @param from first output sample of the window
     * @param count number of output samples in the window
     */
    ResizeFilter(int inputLength, long outputLength, long from, int count) {
        starts = new int[count];
        weights = new int[count][];
        double scale = (double) inputLength / outputLength;
        double support = Math.max(scale, 1);
        for (int i = 0; i < count; i++) {
            double centre = (from + i + 0.5) * scale;
            int start = Math.max(0, (int) (centre - support + 0.5));
            int end = Math.min(inputLength, (int) (centre + support + 0.5));
            starts[i] = start;
            weights[i] = fixedPoint(triangle(start, end, centre, 1 / support));
        }
    }

    private static double[] triangle(int start, int end, double centre, double inverseSupport) {
        double[] values = new double[end - start];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double distance = Math.abs((i + start - centre + 0.5) * inverseSupport);
            values[i] = distance < 1 ? 1 - distance : 0;
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
        return values;
    }

    private static int[] fixedPoint(double[] values) {
        int[] fixed = new int[values.length];
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = (int) (0.5 + values[i] * (1 << BITS));
        }
        return fixed;
    }

    /** Number of output samples. */
    int length() {
        return starts.length;
    }

    /** First input sample that an output sample depends on. */
    int start(int output) {
        return starts[output];
    }

    /** Weights of the input samples from {@link #start(int)} on; read only. */
    int[] weights(int output) {
        return weights[output];
    }

    /**
     * Weights by input sample, from {@link #start(int) start(0)} to {@link #end()}: the weight in
     * an even output is the lower half of a long, that in an odd output the upper half.
     *
     * @return empty if a sample contributes to several even or odd outputs, as in enlargement
     */
    Optional<long[]> pairs() {
        for (int i = 2; i < length(); i++) {
            if (start(i) < end(i - 2)) {
                return Optional.empty();
            }
        }
        long[] pairs = new long[end() - start(0)];
        for (int i = 0; i < length(); i++) {
            for (int k = 0; k < weights[i].length; k++) {
                pairs[starts[i] - start(0) + k] |= (long) weights[i][k] << (32 * (i & 1));
            }
        }
        return Optional.of(pairs);
    }

    /** The end of the input samples that an output sample depends on. */
    int end(int output) {
        return starts[output] + weights[output].length;
    }

    /** The end of the input samples that any output sample depends on. */
    int end() {
        return end(starts.length - 1);
    }
}
