package org.deepcovid.eval.metrics.comparison;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.OptionalDouble;

/**
 * Mean and spread of one metric over training runs that differ only in their seed. Measures the
 * variation between runs, not the sampling uncertainty of the test set.
 *
 * @param standardDeviation with n - 1 in the denominator; empty for a single run
 */
public record SeedSummary(
        double mean, OptionalDouble standardDeviation, double lowest, double highest) {

    /**
     * Computes the summary.
     *
     * @param values one per run, at least one, finite
     */
    public static SeedSummary of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("there are 0 runs; expected at least one");
        }
        for (int run = 0; run < values.length; run++) {
            if (!Double.isFinite(values[run])) {
                throw new IllegalArgumentException(
                        "run %d has the value %s; expected a finite number"
                                .formatted(run, values[run]));
            }
        }
        DoubleSummaryStatistics all = Arrays.stream(values).summaryStatistics();
        return new SeedSummary(
                all.getAverage(), deviation(values, all.getAverage()), all.getMin(), all.getMax());
    }

    private static OptionalDouble deviation(double[] values, double mean) {
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return values.length == 1
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.sqrt(squares / (values.length - 1)));
    }

    /** Highest minus lowest value. */
    public double range() {
        return highest - lowest;
    }
}
