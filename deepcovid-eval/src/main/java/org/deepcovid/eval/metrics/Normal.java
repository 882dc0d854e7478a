package org.deepcovid.eval.metrics;

import org.apache.commons.math3.special.Erf;

/** The standard normal distribution. */
final class Normal {

    private Normal() {}

    /** The z with a probability of {@code level} between -z and z. */
    static double twoSidedQuantile(double level) {
        return Math.sqrt(2) * Erf.erfInv(level);
    }

    /** The z with a probability of {@code share} below it. */
    static double quantile(double share) {
        return Math.sqrt(2) * Erf.erfInv(2 * share - 1);
    }

    /** The probability of a value below {@code z}. */
    static double cumulative(double z) {
        return 0.5 * Erf.erfc(-z / Math.sqrt(2));
    }
}
