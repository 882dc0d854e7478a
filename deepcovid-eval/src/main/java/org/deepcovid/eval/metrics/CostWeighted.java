package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * The threshold with the lowest expected cost a case: prevalence x missCost x (1 - sensitivity) +
 * (1 - prevalence) x falseAlarmCost x (1 - specificity), with the rates found on validation. Of
 * thresholds with the same cost the lowest is taken, which has the best sensitivity. Empty if
 * calling no case positive is cheaper than any threshold.
 *
 * @param missCost of calling a positive case negative, above 0, in any unit
 * @param falseAlarmCost of calling a negative case positive, above 0, in the same unit
 * @param prevalence share of positive cases where the threshold will be used, in (0, 1); empty for
 *     the share among the validation cases
 */
public record CostWeighted(double missCost, double falseAlarmCost, OptionalDouble prevalence)
        implements ThresholdRule {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if the prevalence is null
     * @throws IllegalArgumentException if a cost is not above 0 or the prevalence not in (0, 1)
     */
    public CostWeighted {
        Checks.requirePositive("missCost", missCost);
        Checks.requirePositive("falseAlarmCost", falseAlarmCost);
        requireNonNull(prevalence, "prevalence is null");
        if (prevalence.isPresent()
                && !(prevalence.getAsDouble() > 0 && prevalence.getAsDouble() < 1)) {
            throw new IllegalArgumentException(
                    "prevalence is %s; expected (0, 1)".formatted(prevalence.getAsDouble()));
        }
    }

    /**
     * Costs at the prevalence of the validation cases.
     *
     * @param missCost of calling a positive case negative, above 0
     * @param falseAlarmCost of calling a negative case positive, above 0
     * @return the rule
     * @throws IllegalArgumentException if a cost is not above 0
     */
    public static CostWeighted of(double missCost, double falseAlarmCost) {
        return new CostWeighted(missCost, falseAlarmCost, OptionalDouble.empty());
    }

    /**
     * The same costs where another share of cases is positive.
     *
     * @param share in (0, 1)
     * @return the rule
     * @throws IllegalArgumentException if the share is not in (0, 1)
     */
    public CostWeighted withPrevalence(double share) {
        return new CostWeighted(missCost, falseAlarmCost, OptionalDouble.of(share));
    }

    @Override
    public OptionalDouble choose(RocCurve validation) {
        ScoreGroups groups = validation.groups();
        int best = 0;
        for (int group = 1; group < groups.size(); group++) {
            if (cost(groups, group) <= cost(groups, best)) {
                best = group;
            }
        }
        return FittedThreshold.at(groups, best);
    }

    private double cost(ScoreGroups groups, int group) {
        double misses = groups.positives() - groups.truePositives(group);
        double falseAlarms = groups.falsePositives(group);
        if (prevalence.isEmpty()) { // one division less keeps whole-numbered costs exact
            return misses * missCost + falseAlarms * falseAlarmCost;
        }
        double share = prevalence.getAsDouble();
        return share * missCost * misses / groups.positives()
                + (1 - share) * falseAlarmCost * falseAlarms / groups.negatives();
    }

    @Override
    public String describe() {
        return "lowest expected cost, a miss costing %s, a false alarm %s, at %s"
                .formatted(
                        missCost,
                        falseAlarmCost,
                        prevalence.isPresent()
                                ? "a prevalence of " + prevalence.getAsDouble()
                                : "the prevalence of validation");
    }
}
