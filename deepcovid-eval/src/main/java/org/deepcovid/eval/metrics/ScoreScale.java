package org.deepcovid.eval.metrics;

/** What the scores of a {@link ScoredLabels} mean beyond their order. */
public enum ScoreScale {
    /** Probabilities of the positive class, in [0, 1]; needed for everything about calibration. */
    PROBABILITY,
    /** Any finite numbers of which only the order counts, such as logits or distances. */
    ORDER_ONLY
}
