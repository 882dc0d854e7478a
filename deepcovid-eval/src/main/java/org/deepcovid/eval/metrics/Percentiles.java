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

    /** The interval moved for bias and skewness; the values are sorted in place. */
    static ConfidenceInterval accelerated(
            double[] values, double estimate, double acceleration, double level) {
        Arrays.sort(values);
        double bias =
                ConfidenceInterval.STANDARD_NORMAL.inverseCumulativeProbability(
                        shareBelow(values, estimate));
        double z = ConfidenceInterval.normalQuantile(level);
        return new ConfidenceInterval(
                at(values, moved(bias, acceleration, -z)),
                at(values, moved(bias, acceleration, z)),
                level);
    }

    /** Equal values count half; never so near 0 or 1 that its quantile is infinite. */
    private static double shareBelow(double[] values, double estimate) {
        double below = 0;
        for (double value : values) {
            below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
        }
        double half = 0.5 / values.length;
        return Math.max(half, Math.min(1 - half, below / values.length));
    }

    private static double moved(double bias, double acceleration, double z) {
        double sum = bias + z;
        double stretch = 1 - acceleration * sum;
        if (stretch <= 0) {
            return sum > 0 ? 1 : 0; // beyond the pole of the correction
        }
        return ConfidenceInterval.STANDARD_NORMAL.cumulativeProbability(bias + sum / stretch);
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
