package org.deepcovid.eval.metrics;

import java.util.OptionalDouble;

/** Places the threshold that calls a group and all above it positive; see {@link ThresholdRule}. */
final class FittedThreshold {

    private FittedThreshold() {}

    /** Empty for group 0, which calls no case positive. */
    static OptionalDouble at(ScoreGroups groups, int group) {
        if (group == 0) {
            return OptionalDouble.empty();
        }
        double score = groups.threshold(group);
        return OptionalDouble.of(
                group == groups.size() - 1 ? score : between(groups.threshold(group + 1), score));
    }

    private static double between(double lower, double upper) {
        double middle = 0.5 * lower + 0.5 * upper;
        return middle > lower && middle <= upper ? middle : upper; // neighbours have no middle
    }
}
