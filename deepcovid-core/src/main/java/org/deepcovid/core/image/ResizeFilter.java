package org.deepcovid.core.image;

import java.util.Optional;

/**
 * Weights that turn a line of samples into a line of another length: a triangle as wide as two
 * input samples when enlarging, and as two output samples when reducing, which averages what a
 * reduction merges. Weights are fixed-point numbers with {@value #BITS} fractional bits, as in
 * Pillow, so that results agree with it to the last bit.
 */
final class ResizeFilter {

    /** 32 bits hold 8 bits of sample, these, and 2 for sums that overshoot before rounding. */
    static final int BITS = 22;

    private final int[] starts;
    private final int[][] weights;

    /**
     * Weights for a window of the output.
     *
     * @param inputLength samples of the line
     * @param outputLength samples of the whole resized line
     * @param from first output sample that is wanted
     * @param wanted number of output samples that are wanted
     */
    ResizeFilter(int inputLength, long outputLength, long from, int wanted) {
        starts = new int[wanted];
        weights = new int[wanted][];
        double scale = (double) inputLength / outputLength;
        double support = Math.max(scale, 1);
        for (int i = 0; i < wanted; i++) {
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

    /** Weights of the input samples from {@link #start(int)} on; not to be written to. */
    int[] weights(int output) {
        return weights[output];
    }

    /**
     * The weights of each input sample from {@link #start(int) start(0)} to {@link #end()}: that in
     * an even output is the lower half of a long, that in an odd one the upper half.
     *
     * @return empty if an input sample has more than one of a kind, as where a line is enlarged
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
