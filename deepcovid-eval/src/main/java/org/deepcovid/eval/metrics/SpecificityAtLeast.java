package org.deepcovid.eval.metrics;

import java.util.OptionalDouble;

/**
 * The lowest threshold whose specificity on validation reaches a target, hence of those that do the
 * one with the best sensitivity. Empty if only calling no case positive reaches it, as when a
 * negative case has the highest score and the target is 1.
 *
 * @param target in (0, 1], such as 0.95; reached if true negatives / negatives is at least this
 */
public record SpecificityAtLeast(double target) implements ThresholdRule {

    /**
     * Checks the target.
     *
     * @throws IllegalArgumentException if it is not in (0, 1]
     */
    public SpecificityAtLeast {
        Checks.requireTarget("target specificity", target);
    }

    @Override
    public OptionalDouble choose(RocCurve validation) {
        ScoreGroups groups = validation.groups();
        int group = groups.size() - 1;
        while (specificity(groups, group) < target) {
            group--;
        }
        return FittedThreshold.at(groups, group);
    }

    private static double specificity(ScoreGroups groups, int group) {
        return (groups.negatives() - groups.falsePositives(group)) / (double) groups.negatives();
    }

    @Override
    public String describe() {
        return "best sensitivity with a specificity of at least " + target;
    }
}
