package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

/**
 * The score from which on an image is called positive, and how it was chosen.
 *
 * @param value an image is called positive if the probability of the positive label is at least
 *     this; any finite number, since a threshold above 1 calls nothing positive
 * @param rule the rule that chose it, in words
 * @param fittedOn the images that it was chosen on, in words; never test images
 */
public record DecisionThreshold(double value, String rule, String fittedOn) {

    public DecisionThreshold {
        requireNonNull(rule, "rule is null");
        requireNonNull(fittedOn, "fittedOn is null");
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "threshold is %s; expected a finite number".formatted(value));
        }
    }

    /** Whether a score, the probability of the positive label, is called positive. */
    public boolean isReachedBy(double positiveProbability) {
        return positiveProbability >= value;
    }
}
