package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

/**
 * The score from which on an image is called positive, and how it was chosen.
 *
 * @param value an image is called positive if the probability of the positive label is at least
 *     this; in [0, 1]
 * @param rule the rule that chose it, in words
 * @param fittedOn the images that it was chosen on, in words; never test images
 */
public record DecisionThreshold(double value, String rule, String fittedOn) {

    public DecisionThreshold {
        requireNonNull(rule, "rule is null");
        requireNonNull(fittedOn, "fittedOn is null");
        if (!(value >= 0 && value <= 1)) { // NaN fails too
            throw new IllegalArgumentException(
                    "threshold is %s; expected 0 to 1, as the scores are".formatted(value));
        }
    }

    /** Whether a score, the probability of the positive label, is called positive. */
    public boolean isReachedBy(double positiveProbability) {
        return positiveProbability >= value;
    }
}
