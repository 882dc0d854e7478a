package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.data.Label;

/**
 * The score from which on an image is called COVID, and how it was chosen.
 *
 * @param value an image is called {@link Label#COVID} if its score is at least this; any finite
 *     number, since a threshold above 1 calls nothing positive
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

    /** Applies the threshold. */
    public Label apply(double covidProbability) {
        return covidProbability >= value ? Label.COVID : Label.NON_COVID;
    }
}
