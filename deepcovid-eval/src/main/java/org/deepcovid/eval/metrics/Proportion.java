package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A share of cases with its confidence interval.
 *
 * @param successes 0 to {@code total}
 * @param total at least 1
 * @param estimate {@code successes / total}
 * @param interval confidence interval around the estimate
 * @param method how the interval was made
 */
public record Proportion(
        int successes,
        int total,
        double estimate,
        ConfidenceInterval interval,
        IntervalMethod method) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the counts are impossible, or the estimate is not their
     *     ratio
     */
    public Proportion {
        requireNonNull(interval, "interval is null");
        requireNonNull(method, "method is null");
        if (total < 1 || successes < 0 || successes > total) {
            throw new IllegalArgumentException(
                    "%d successes of %d; expected 0 to total successes and a total of at least 1"
                            .formatted(successes, total));
        }
        if (estimate != successes / (double) total) {
            throw new IllegalArgumentException(
                    "estimate is %s; expected %d/%d; use Proportion.of"
                            .formatted(estimate, successes, total));
        }
    }

    /**
     * A proportion with the 95 % Wilson interval.
     *
     * @param successes 0 to {@code total}
     * @param total at least 1
     * @return estimate and interval
     * @throws IllegalArgumentException if the counts are impossible
     */
    public static Proportion of(int successes, int total) {
        return of(successes, total, IntervalMethod.WILSON, ConfidenceInterval.DEFAULT_LEVEL);
    }

    /**
     * A proportion with the interval of a chosen method.
     *
     * @param successes 0 to {@code total}
     * @param total at least 1
     * @param method of the interval
     * @param level confidence level in (0, 1)
     * @return estimate and interval
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public static Proportion of(int successes, int total, IntervalMethod method, double level) {
        ConfidenceInterval interval = method.interval(successes, total, level);
        return new Proportion(successes, total, successes / (double) total, interval, method);
    }

    /** As {@link #of}, empty where there is no case to take a share of. */
    static Optional<Proportion> ifAny(
            int successes, int total, IntervalMethod method, double level) {
        return total == 0 ? Optional.empty() : Optional.of(of(successes, total, method, level));
    }

    /**
     * The figure that the Deep-COVID paper prints after "±": half the width of the normal
     * approximation at the interval's level, not cut to [0, 1], whatever {@link #method()} is.
     *
     * @return at least 0; 0 if every case or none is a success, which understates the doubt
     */
    public double normalMargin() {
        double z = Normal.twoSidedQuantile(interval.level());
        return z * Math.sqrt(estimate * (1 - estimate) / total);
    }
}
