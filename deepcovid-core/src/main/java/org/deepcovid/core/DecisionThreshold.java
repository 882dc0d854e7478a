package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The score from which on an image is called positive, and how it was chosen.
 *
 * @param value an image is called positive if the probability of the positive label is at least
 *     this; in [0, 1]
 * @param rule the rule that chose it, in words
 * @param fittedOn the images that it was chosen on, in words; never test images
 * @param review scores on both sides of it that are for review; empty if every image is called
 */
public record DecisionThreshold(
        double value, String rule, String fittedOn, Optional<ReviewRange> review) {

    public DecisionThreshold {
        requireNonNull(rule, "rule is null");
        requireNonNull(fittedOn, "fittedOn is null");
        requireNonNull(review, "review is null");
        if (!(value >= 0 && value <= 1)) { // NaN fails too
            throw new IllegalArgumentException(
                    "threshold is %s; expected 0 to 1, as the scores are".formatted(value));
        }
        review.filter(range -> value < range.lower() || value > range.upper())
                .ifPresent(
                        range -> {
                            throw new IllegalArgumentException(
                                    "threshold is %s; expected it within the review range [%s, %s]"
                                            .formatted(value, range.lower(), range.upper()));
                        });
    }

    /** A threshold without a review range. */
    public DecisionThreshold(double value, String rule, String fittedOn) {
        this(value, rule, fittedOn, Optional.empty());
    }

    /** The same threshold with a review range that holds it. */
    public DecisionThreshold withReview(ReviewRange range) {
        return new DecisionThreshold(value, rule, fittedOn, Optional.of(range));
    }

    /** Whether a score is for review. */
    public boolean needsReview(double positiveProbability) {
        return review.isPresent() && review.get().holds(positiveProbability);
    }

    /** Whether a score, the probability of the positive label, is called positive. */
    public boolean isReachedBy(double positiveProbability) {
        return positiveProbability >= value;
    }
}
