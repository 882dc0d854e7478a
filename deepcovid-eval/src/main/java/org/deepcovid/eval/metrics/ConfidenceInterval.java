package org.deepcovid.eval.metrics;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The values that the data leave plausible for a quantity.
 *
 * @param lower lower limit, inclusive; may be negative infinity for an open side
 * @param upper upper limit, inclusive, not below {@code lower}
 * @param level confidence level in (0, 1), such as 0.95
 */
public record ConfidenceInterval(double lower, double upper, double level) {

    /** The level that is used where none is given. */
    public static final double DEFAULT_LEVEL = 0.95;

    static final NormalDistribution STANDARD_NORMAL = new NormalDistribution(null, 0, 1);

    public ConfidenceInterval {
        Checks.requireLevel(level);
        if (!(lower <= upper)) { // NaN fails too
            throw new IllegalArgumentException(
                    "limits are %s and %s; expected lower <= upper".formatted(lower, upper));
        }
    }

    /**
     * The normal approximation: the estimate plus and minus z standard errors.
     *
     * @param estimate centre of the interval
     * @param standardError at least 0
     * @param level confidence level in (0, 1)
     * @return symmetric interval, not cut to any range
     */
    public static ConfidenceInterval normal(double estimate, double standardError, double level) {
        double spread = normalQuantile(level) * standardError;
        return new ConfidenceInterval(estimate - spread, estimate + spread, level);
    }

    /** The z with a probability of {@code level} between -z and z in the normal distribution. */
    static double normalQuantile(double level) {
        Checks.requireLevel(level);
        return STANDARD_NORMAL.inverseCumulativeProbability((1 + level) / 2);
    }

    /**
     * Whether a value is within the limits.
     *
     * @param value any
     * @return true on the limits too
     */
    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }

    /** The distance between the limits, at least 0. */
    public double width() {
        return upper - lower;
    }
}
