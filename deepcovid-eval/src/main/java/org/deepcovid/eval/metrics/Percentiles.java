package org.deepcovid.eval.metrics;

import java.util.Arrays;

/** Spread of bootstrap replicates. */
final class Percentiles {

    private Percentiles() {}

    /** The central interval of the values, which are sorted in place. */
    static ConfidenceInterval interval(double[] values, double level) {
        Arrays.sort(values);
        double tail = (1 - level) / 2;
        return new ConfidenceInterval(at(values, tail), at(values, 1 - tail), level);
    }

    /** The (n + 1) x fraction-th value, interpolated; the outermost where there is no such rank. */
    private static double at(double[] sorted, double fraction) {
        double rank = fraction * (sorted.length + 1);
        int below = (int) Math.floor(rank);
        if (below < 1) {
            return sorted[0];
        }
        if (below >= sorted.length) {
            return sorted[sorted.length - 1];
        }
        double lower = sorted[below - 1];
        return lower + (rank - below) * (sorted[below] - lower);
    }

    /** With n - 1 in the denominator; 0 for a single value. */
    static double standardDeviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1));
    }
}
