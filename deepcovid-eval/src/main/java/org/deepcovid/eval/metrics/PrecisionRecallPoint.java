package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

/**
 * Precision and recall at one threshold.
 *
 * @param threshold cases that score at least this are called positive
 * @param counts how the cases fall there; some case is positive and some is called so
 */
public record PrecisionRecallPoint(double threshold, ConfusionMatrix counts) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if the counts are null
     * @throws IllegalArgumentException if the threshold is NaN, or precision or recall is undefined
     */
    public PrecisionRecallPoint {
        requireNonNull(counts, "counts is null");
        Checks.requireNumber("threshold", threshold);
        if (counts.positives() == 0 || counts.calledPositive() == 0) {
            throw new IllegalArgumentException(
                    "counts are %s; expected a positive case and one called positive"
                            .formatted(counts));
        }
    }

    /**
     * Share of the cases called positive that are; the positive predictive value.
     *
     * @return in [0, 1]
     */
    public double precision() {
        return counts.truePositives() / (double) counts.calledPositive();
    }

    /**
     * Share of the positive cases called positive; the sensitivity.
     *
     * @return in [0, 1]
     */
    public double recall() {
        return counts.truePositives() / (double) counts.positives();
    }
}
