package org.deepcovid.eval.metrics.calibration;

import static java.util.Objects.requireNonNull;

import org.deepcovid.eval.metrics.Proportion;

/**
 * Cases with similar scores.
 *
 * @param lower lower edge of the bin (equal width), or lowest score in it (equal mass)
 * @param upper upper edge of the bin (equal width), or highest score in it (equal mass)
 * @param meanScore mean of the scores in the bin, in [0, 1]
 * @param observed share of positive cases in the bin, with its interval
 */
public record ReliabilityBin(double lower, double upper, double meanScore, Proportion observed) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if the share is null
     */
    public ReliabilityBin {
        requireNonNull(observed, "observed is null");
    }

    /**
     * How far the scores are off.
     *
     * @return mean score minus observed share, in [-1, 1]; positive if the scores are too high
     */
    public double gap() {
        return meanScore - observed.estimate();
    }
}
