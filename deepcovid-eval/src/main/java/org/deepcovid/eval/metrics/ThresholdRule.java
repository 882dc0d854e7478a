package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalDouble;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.training.OutOfFoldScores;

/**
 * Chooses the threshold from which on a case is called positive. Choose on validation or
 * out-of-fold scores, then apply to the test cases once: a threshold fitted to the test cases gives
 * optimistic results.
 *
 * <p><b>Position of a fitted threshold.</b> Every threshold above one score and up to the next
 * higher one gives the same decisions on the validation cases. The rules return the midpoint of
 * that gap, or the lowest score itself if all cases are called positive. A threshold equal to a
 * score would miss that case if it is scored again with a different last digit (another processor
 * or engine, a round trip through a text file). The value, but not the decisions on the validation
 * cases, therefore depends on the scale of the scores.
 */
public sealed interface ThresholdRule {

    /**
     * The highest threshold whose sensitivity reaches a target; of all that reach it, it has the
     * best specificity. Always exists: calling every case positive has sensitivity 1.
     *
     * @param target in (0, 1], such as 0.98; reached if true positives / positives is at least this
     */
    static ThresholdRule sensitivityAtLeast(double target) {
        return new SensitivityAtLeast(target);
    }

    /**
     * The lowest threshold whose specificity reaches a target; of all that reach it, it has the
     * best sensitivity. Does not exist if only calling no case positive reaches the target, as when
     * a negative case has the highest score and the target is 1.
     *
     * @param target in (0, 1], such as 0.95; reached if true negatives / negatives is at least this
     */
    static ThresholdRule specificityAtLeast(double target) {
        return new SpecificityAtLeast(target);
    }

    /**
     * The threshold with the highest sensitivity + specificity - 1 (W. J. Youden, 1950, doi
     * 10.1002/1097-0142(1950)3:1&lt;32::AID-CNCR2820030106&gt;3.0.CO;2-3); of several, the lowest,
     * which has the best sensitivity. Does not exist if the highest index is 0.
     */
    static ThresholdRule youdenIndex() {
        return new YoudenIndex();
    }

    /**
     * The threshold with the lowest expected cost per case, at the prevalence of the validation
     * cases; see {@link CostWeighted#withPrevalence} for another one.
     *
     * @param missCost of calling a positive case negative, above 0, in any unit
     * @param falseAlarmCost of calling a negative case positive, above 0, in the same unit
     */
    static CostWeighted costWeighted(double missCost, double falseAlarmCost) {
        return new CostWeighted(missCost, falseAlarmCost, OptionalDouble.empty());
    }

    /**
     * A threshold given in advance, such as 0.5.
     *
     * @param threshold finite; cases that score at least this are called positive
     */
    static ThresholdRule fixed(double threshold) {
        return new FixedThreshold(threshold);
    }

    /**
     * Chooses the threshold on a ROC curve.
     *
     * @param validation curve of the validation cases
     * @return a finite threshold, or empty if only calling no case positive satisfies the rule
     */
    OptionalDouble choose(RocCurve validation);

    /** The rule in words, for reports; one line without a full stop. */
    String describe();

    /**
     * Chooses the threshold on the scores of a fine-tuning.
     *
     * @param scores of the validation and training images; both classes present
     * @return the threshold, with the rule and the images in words
     * @throws IllegalArgumentException if a class is missing
     * @throws IllegalStateException if no threshold satisfies the rule
     */
    default DecisionThreshold choose(OutOfFoldScores scores) {
        return choose(scores.all(), scores.describe());
    }

    /** As {@link #choose(List, String)}, with the number of images as their origin. */
    default DecisionThreshold choose(List<ScoredImage> outOfFold) {
        return choose(outOfFold, outOfFold.size() + " images");
    }

    /**
     * Chooses the threshold on scored images.
     *
     * @param outOfFold scores by a model that was not fitted to these images; both classes present
     * @param origin what these images are, in words, such as "validation, 40 images"
     * @return the threshold with the rule and the origin in words
     * @throws IllegalArgumentException if a class is missing or an image occurs twice
     * @throws IllegalStateException if no threshold satisfies the rule
     */
    default DecisionThreshold choose(List<ScoredImage> outOfFold, String origin) {
        RocCurve curve = RocCurve.of(ScoredLabels.of(outOfFold));
        double value =
                choose(curve)
                        .orElseThrow(
                                () -> {
                                    String message = "no threshold gives '%s' on %s (%s)";
                                    return new IllegalStateException(
                                            message.formatted(describe(), origin, curve));
                                });
        return new DecisionThreshold(value, describe(), origin);
    }

    /**
     * Rule of {@link #sensitivityAtLeast}.
     *
     * @param target in (0, 1]
     */
    record SensitivityAtLeast(double target) implements ThresholdRule {

        public SensitivityAtLeast {
            Checks.requireTarget("target sensitivity", target);
        }

        @Override
        public OptionalDouble choose(RocCurve validation) {
            ScoreGroups groups = validation.groups();
            return groups.midpointBelow(groups.firstWithSensitivity(target));
        }

        @Override
        public String describe() {
            return "best specificity with a sensitivity of at least " + target;
        }
    }

    /**
     * Rule of {@link #specificityAtLeast}.
     *
     * @param target in (0, 1]
     */
    record SpecificityAtLeast(double target) implements ThresholdRule {

        public SpecificityAtLeast {
            Checks.requireTarget("target specificity", target);
        }

        @Override
        public OptionalDouble choose(RocCurve validation) {
            ScoreGroups groups = validation.groups();
            return groups.midpointBelow(groups.lastWithSpecificity(target));
        }

        @Override
        public String describe() {
            return "best sensitivity with a specificity of at least " + target;
        }
    }

    /** Rule of {@link #youdenIndex}. */
    record YoudenIndex() implements ThresholdRule {

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
            return groups.midpointBelow(best);
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

    /**
     * The threshold with the lowest expected cost per case: prevalence x missCost x (1 -
     * sensitivity) + (1 - prevalence) x falseAlarmCost x (1 - specificity), with the rates found on
     * validation. Of thresholds with the same cost the lowest is taken, which has the best
     * sensitivity. Does not exist if calling no case positive costs less than any threshold.
     *
     * @param missCost of calling a positive case negative, above 0, in any unit
     * @param falseAlarmCost of calling a negative case positive, above 0, in the same unit
     * @param prevalence share of positive cases where the threshold will be used, in (0, 1); empty
     *     for the share among the validation cases
     */
    record CostWeighted(double missCost, double falseAlarmCost, OptionalDouble prevalence)
            implements ThresholdRule {

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
         * The same costs at another prevalence.
         *
         * @param share of positive cases where the threshold will be used, in (0, 1)
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
            return groups.midpointBelow(best);
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

    /**
     * Rule of {@link #fixed}.
     *
     * @param threshold finite
     */
    record FixedThreshold(double threshold) implements ThresholdRule {

        public FixedThreshold {
            Checks.requireFinite("threshold", threshold);
        }

        @Override
        public OptionalDouble choose(RocCurve validation) {
            return OptionalDouble.of(threshold);
        }

        @Override
        public String describe() {
            return "threshold " + threshold + ", fixed beforehand";
        }
    }
}
