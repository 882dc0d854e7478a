package org.deepcovid.eval.metrics;

import org.apache.commons.math3.special.Erf;

/** The standard normal distribution. */
final class Normal {

    private Normal() {}

    /** The z with a probability of {@code level} between -z and z. */
    static double twoSidedQuantile(double level) {
        return Math.sqrt(2) * Erf.erfInv(level);
    }

    /** The probability of a value at least as far from 0 as {@code z}, on either side. */
    static double twoSidedTail(double z) {
        return Erf.erfc(Math.abs(z) / Math.sqrt(2));
    }
}
