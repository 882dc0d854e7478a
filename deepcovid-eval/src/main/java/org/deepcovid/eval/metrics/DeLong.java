package org.deepcovid.eval.metrics;

import java.util.OptionalDouble;

/**
 * Variance of the area under one ROC curve, from how each case is placed among the other class (E.
 * R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, 1988, doi 10.2307/2531595). Tied cases share
 * their placement, so that one pass over the sorted groups does what X. Sun and W. Xu (2014, doi
 * 10.1109/LSP.2014.2337313) do with midranks.
 */
final class DeLong {

    private DeLong() {}

    /** Empty if a class has one case only, whose spread is unknown. */
    static OptionalDouble variance(ScoreGroups groups, double auc) {
        if (groups.positives() < 2 || groups.negatives() < 2) {
            return OptionalDouble.empty();
        }
        double positiveSquares = 0;
        double negativeSquares = 0;
        for (int group = 1; group < groups.size(); group++) {
            double positiveOffset = placementOfPositives(groups, group) - auc;
            double negativeOffset = placementOfNegatives(groups, group) - auc;
            positiveSquares += groups.positivesIn(group) * positiveOffset * positiveOffset;
            negativeSquares += groups.negativesIn(group) * negativeOffset * negativeOffset;
        }
        return OptionalDouble.of(
                positiveSquares / (groups.positives() - 1.0) / groups.positives()
                        + negativeSquares / (groups.negatives() - 1.0) / groups.negatives());
    }

    /** Share of the negative cases below the group, those within counted half. */
    private static double placementOfPositives(ScoreGroups groups, int group) {
        double below = groups.negatives() - groups.falsePositives(group);
        return (below + 0.5 * groups.negativesIn(group)) / groups.negatives();
    }

    /** Share of the positive cases above the group, those within counted half. */
    private static double placementOfNegatives(ScoreGroups groups, int group) {
        double above = groups.truePositives(group - 1);
        return (above + 0.5 * groups.positivesIn(group)) / groups.positives();
    }
}
