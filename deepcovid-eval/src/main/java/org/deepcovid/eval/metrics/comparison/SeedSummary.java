package org.deepcovid.eval.metrics.comparison;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.TDistribution;
import org.deepcovid.eval.metrics.ConfidenceInterval;

/**
 * One metric of several trainings of the same recipe that differ in their seed only. Measures the
 * variation between trainings, not the sampling uncertainty of the finite test set.
 *
 * @param runs number of trainings, at least 1
 * @param mean of their values
 * @param standardDeviation with n - 1 in the denominator; empty for a single run
 * @param lowest value
 * @param highest value
 */
public record SeedSummary(
        int runs, double mean, OptionalDouble standardDeviation, double lowest, double highest) {

    /**
     * Summarises the runs.
     *
     * @param values of the metric, one per run, finite
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
                values.length,
                all.getAverage(),
                deviation(values, all.getAverage()),
                all.getMin(),
                all.getMax());
    }

    private static OptionalDouble deviation(double[] values, double mean) {
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return values.length == 1
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.sqrt(squares / (values.length - 1)));
    }

    /** The distance between the lowest and the highest value, at least 0. */
    public double range() {
        return highest - lowest;
    }

    /**
     * Interval of the mean over all seeds, by Student's t distribution.
     *
     * @param level confidence level in (0, 1)
     * @return empty for a single run
     */
    public Optional<ConfidenceInterval> meanInterval(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "confidence level is %s; expected (0, 1), such as 0.95".formatted(level));
        }
        if (runs == 1) {
            return Optional.empty();
        }
        double t =
                new TDistribution(null, runs - 1.0).inverseCumulativeProbability((1 + level) / 2);
        double spread = t * standardDeviation.orElseThrow() / Math.sqrt(runs);
        return Optional.of(new ConfidenceInterval(mean - spread, mean + spread, level));
    }
}
