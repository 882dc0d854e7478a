package org.deepcovid.eval.metrics;

import java.util.OptionalDouble;

/**
 * The highest threshold whose sensitivity on validation reaches a target, hence of those that do
 * the one with the best specificity. Always found: calling every case positive has sensitivity 1.
 *
 * @param target in (0, 1], such as 0.98; reached if true positives / positives is at least this
 */
public record SensitivityAtLeast(double target) implements ThresholdRule {

    /**
     * Checks the target.
     *
     * @throws IllegalArgumentException if it is not in (0, 1]
     */
    public SensitivityAtLeast {
        Checks.requireTarget("target sensitivity", target);
    }

    @Override
    public OptionalDouble choose(RocCurve validation) {
        ScoreGroups groups = validation.groups();
        int group = 1;
        while (groups.truePositives(group) / (double) groups.positives() < target) {
            group++;
        }
        return FittedThreshold.at(groups, group);
    }

    @Override
    public String describe() {
        return "best specificity with a sensitivity of at least " + target;
    }
}
