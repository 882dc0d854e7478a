package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

/**
 * Area under the part of a ROC curve that matters for the use, such as specificities above 0.9.
 *
 * @param axis the rate that the range limits
 * @param from lower end of the range, in [0, 1)
 * @param to upper end of the range, in (0, 1], above {@code from}
 * @param area from 0 to {@code to - from}
 */
public record PartialAuc(Axis axis, double from, double to, double area) {

    public PartialAuc {
        requireNonNull(axis, "axis is null");
        Checks.requireFraction("from", from);
        Checks.requireFraction("to", to);
        if (from >= to) {
            throw new IllegalArgumentException(
                    "range is %s to %s; expected from < to".formatted(from, to));
        }
        if (!(area >= 0 && area <= (to - from) * (1 + 1e-12))) {
            throw new IllegalArgumentException(
                    "area is %s; expected 0 to %s".formatted(area, to - from));
        }
    }

    static PartialAuc of(ScoreGroups groups, Axis axis, double from, double to) {
        requireNonNull(axis, "axis is null");
        double area = 0;
        for (int group = 1; group < groups.size(); group++) {
            double falseBefore = groups.falsePositives(group - 1) / (double) groups.negatives();
            double falseAfter = groups.falsePositives(group) / (double) groups.negatives();
            double trueBefore = groups.truePositives(group - 1) / (double) groups.positives();
            double trueAfter = groups.truePositives(group) / (double) groups.positives();
            area +=
                    axis == Axis.SPECIFICITY
                            ? strip(
                                    falseBefore,
                                    trueBefore,
                                    falseAfter,
                                    trueAfter,
                                    1 - to,
                                    1 - from)
                            : strip(
                                    trueBefore,
                                    1 - falseBefore,
                                    trueAfter,
                                    1 - falseAfter,
                                    from,
                                    to);
        }
        return new PartialAuc(axis, from, to, area);
    }

    /** Area under the segment from (x0, y0) to (x1, y1), x0 not above x1, between two x. */
    private static double strip(
            double x0, double y0, double x1, double y1, double from, double to) {
        double left = Math.max(x0, from);
        double right = Math.min(x1, to);
        if (left >= right) {
            return 0;
        }
        double slope = (y1 - y0) / (x1 - x0);
        double middle = y0 + slope * ((left + right) / 2 - x0);
        return (right - left) * middle;
    }

    /**
     * The area rescaled so that scores without skill give 0.5 and perfect ones 1 (D. K. McClish,
     * 1989, doi 10.1177/0272989X8900900307).
     *
     * @return below 0.5, down to a negative number, for scores worse than chance
     */
    public double standardised() {
        double best = to - from;
        double noSkill = best * (1 - (to + from) / 2);
        return 0.5 * (1 + (area - noSkill) / (best - noSkill));
    }

    /** Which rate of a ROC curve a range is given in. */
    public enum Axis {
        /** The area between two specificities, below the curve. */
        SPECIFICITY,
        /** The area between two sensitivities, to the right of the curve. */
        SENSITIVITY
    }
}
