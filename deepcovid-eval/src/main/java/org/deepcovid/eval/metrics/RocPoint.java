package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

/**
 * One operating point of a classifier.
 *
 * @param threshold cases that score at least this are called positive; positive infinity for the
 *     point at which none is
 * @param counts how the cases fall there, both classes present
 */
public record RocPoint(double threshold, ConfusionMatrix counts) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if the counts are null
     * @throws IllegalArgumentException if the threshold is NaN or a class is absent
     */
    public RocPoint {
        requireNonNull(counts, "counts is null");
        Checks.requireNumber("threshold", threshold);
        if (counts.positives() == 0 || counts.negatives() == 0) {
            throw new IllegalArgumentException(
                    "counts are %s; expected both classes".formatted(counts));
        }
    }

    /**
     * Share of the positive cases called positive.
     *
     * @return in [0, 1]
     */
    public double sensitivity() {
        return counts.truePositives() / (double) counts.positives();
    }

    /**
     * Share of the negative cases called negative.
     *
     * @return in [0, 1]
     */
    public double specificity() {
        return counts.trueNegatives() / (double) counts.negatives();
    }

    /**
     * Share of the negative cases called positive, the horizontal axis of a ROC plot.
     *
     * @return in [0, 1]
     */
    public double falsePositiveRate() {
        return counts.falsePositives() / (double) counts.negatives();
    }
}
