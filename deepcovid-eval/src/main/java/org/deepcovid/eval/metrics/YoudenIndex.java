package org.deepcovid.eval.metrics;

import java.util.OptionalDouble;

/**
 * The threshold with the highest sensitivity + specificity - 1 on validation (W. J. Youden, 1950,
 * doi 10.1002/1097-0142(1950)3:1&lt;32::AID-CNCR2820030106&gt;3.0.CO;2-3). Of thresholds with the
 * same index the lowest is taken, which has the best sensitivity. Empty if no threshold does better
 * than chance, that is if the highest index is 0.
 */
public record YoudenIndex() implements ThresholdRule {

    @Override
    public OptionalDouble choose(RocCurve validation) {
        ScoreGroups groups = validation.groups();
        int best = 0;
        long bestIndex = 0;
        for (int group = 1; group < groups.size(); group++) {
            long index = scaledIndex(groups, group);
            if (index > 0 && index >= bestIndex) {
                best = group;
                bestIndex = index;
            }
        }
        return FittedThreshold.at(groups, best);
    }

    /** The index times positives times negatives, in integers, so that ties are exact. */
    private static long scaledIndex(ScoreGroups groups, int group) {
        return (long) groups.truePositives(group) * groups.negatives()
                - (long) groups.falsePositives(group) * groups.positives();
    }

    @Override
    public String describe() {
        return "highest sensitivity + specificity - 1 (Youden)";
    }
}
