package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

/**
 * The scores that are neither called positive nor negative: a person is to look at these images.
 *
 * @param lower the lowest of them; an image with a lower score is called negative
 * @param upper above them; an image with at least this score is called positive
 * @param rule the rule that chose the range, in words
 */
public record ReviewRange(double lower, double upper, String rule) {

    /** Shown in the place of a label. */
    public static final String ANSWER = "review";

    public ReviewRange {
        requireNonNull(rule, "rule is null");
        if (!(lower >= 0 && lower <= upper && upper <= 1)) { // NaN fails too
            throw new IllegalArgumentException(
                    "review range is [%s, %s); expected 0 <= lower <= upper <= 1"
                            .formatted(lower, upper));
        }
    }

    /** Whether a score, the probability of the positive label, is within the range. */
    public boolean holds(double positiveProbability) {
        return positiveProbability >= lower && positiveProbability < upper;
    }
}
