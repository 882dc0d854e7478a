package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rates of a confusion matrix. A rate whose denominator is 0 is empty, never NaN or infinite:
 * sensitivity without positive cases, predictive values without cases called so.
 *
 * @param counts the counts
 * @param method of the intervals of all proportions
 * @param level confidence level of the intervals, in (0, 1)
 */
public record BinaryRates(ConfusionMatrix counts, Proportion.IntervalMethod method, double level) {

    public BinaryRates {
        requireNonNull(counts, "counts is null");
        requireNonNull(method, "method is null");
        Checks.requireLevel(level);
    }

    /**
     * Rates with 95 % Wilson intervals.
     *
     * @param counts the counts
     */
    public static BinaryRates of(ConfusionMatrix counts) {
        return new BinaryRates(
                counts, Proportion.IntervalMethod.WILSON, ConfidenceInterval.DEFAULT_LEVEL);
    }

    /** Positive cases called positive; recall, true-positive rate; empty without positive cases. */
    public Optional<Proportion> sensitivity() {
        return share(counts.truePositives(), counts.positives());
    }

    /** Negative cases called negative; true-negative rate; empty without negative cases. */
    public Optional<Proportion> specificity() {
        return share(counts.trueNegatives(), counts.negatives());
    }

    /**
     * Cases called positive that are; PPV, precision. Holds for the prevalence of these cases only.
     *
     * @return empty if no case is called positive
     */
    public Optional<Proportion> positivePredictiveValue() {
        return share(counts.truePositives(), counts.calledPositive());
    }

    /**
     * Cases called negative that are; NPV. Holds for the prevalence of these cases only.
     *
     * @return empty if no case is called negative
     */
    public Optional<Proportion> negativePredictiveValue() {
        return share(counts.trueNegatives(), counts.calledNegative());
    }

    /** Cases called what they are; always defined. */
    public Proportion accuracy() {
        int right = counts.truePositives() + counts.trueNegatives();
        return Proportion.of(right, counts.total(), method, level);
    }

    /** The mean of sensitivity and specificity, in [0, 1], or empty if a class is absent. */
    public OptionalDouble balancedAccuracy() {
        return bothClasses()
                ? OptionalDouble.of((sensitivityValue() + specificityValue()) / 2)
                : OptionalDouble.empty();
    }

    /**
     * The harmonic mean of precision and sensitivity, 2 TP / (2 TP + FP + FN), in [0, 1], or empty
     * if no case is positive or called so.
     */
    public OptionalDouble f1() {
        double twice = 2.0 * counts.truePositives();
        return ratio(twice, twice + counts.falsePositives() + counts.falseNegatives());
    }

    /**
     * Matthews correlation coefficient (B. W. Matthews, 1975, doi 10.1016/0005-2795(75)90109-9).
     *
     * @return in [-1, 1], or empty if a class is absent or never called
     */
    public OptionalDouble matthewsCorrelation() {
        long agreement = (long) counts.truePositives() * counts.trueNegatives();
        long conflict = (long) counts.falsePositives() * counts.falseNegatives();
        double scale =
                Math.sqrt((double) counts.positives() * counts.calledPositive())
                        * Math.sqrt((double) counts.negatives() * counts.calledNegative());
        return scale == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(clampToUnit((agreement - conflict) / scale));
    }

    /**
     * Sensitivity / (1 - specificity), at least 0, or empty if a class is absent or there is no
     * false positive.
     */
    public OptionalDouble positiveLikelihoodRatio() {
        return ratio(
                (double) counts.truePositives() * counts.negatives(),
                (double) counts.falsePositives() * counts.positives());
    }

    /**
     * (1 - sensitivity) / specificity, at least 0, or empty if a class is absent or there is no
     * true negative.
     */
    public OptionalDouble negativeLikelihoodRatio() {
        return ratio(
                (double) counts.falseNegatives() * counts.negatives(),
                (double) counts.trueNegatives() * counts.positives());
    }

    /**
     * The ratio of the odds of being called positive, TP TN / (FP FN), at least 0, or empty if
     * there is no false positive or no false negative.
     */
    public OptionalDouble diagnosticOddsRatio() {
        return ratio(
                (double) counts.truePositives() * counts.trueNegatives(),
                (double) counts.falsePositives() * counts.falseNegatives());
    }

    /**
     * The positive predictive value where another share of people are positive, from this
     * sensitivity and specificity by Bayes' theorem.
     *
     * @param prevalence share of positive cases there, in [0, 1]
     * @return in [0, 1], or empty if a class is absent here or no case would be called positive
     */
    public OptionalDouble positivePredictiveValueAt(double prevalence) {
        Checks.requireFraction("prevalence", prevalence);
        if (!bothClasses()) {
            return OptionalDouble.empty();
        }
        double right = sensitivityValue() * prevalence;
        double wrong = counts.falsePositives() / (double) counts.negatives() * (1 - prevalence);
        return ratio(right, right + wrong);
    }

    /**
     * The negative predictive value where another share of people are positive, from this
     * sensitivity and specificity by Bayes' theorem.
     *
     * @param prevalence share of positive cases there, in [0, 1]
     * @return in [0, 1], or empty if a class is absent here or no case would be called negative
     */
    public OptionalDouble negativePredictiveValueAt(double prevalence) {
        Checks.requireFraction("prevalence", prevalence);
        if (!bothClasses()) {
            return OptionalDouble.empty();
        }
        double right = specificityValue() * (1 - prevalence);
        double wrong = counts.falseNegatives() / (double) counts.positives() * prevalence;
        return ratio(right, right + wrong);
    }

    private Optional<Proportion> share(int successes, int total) {
        return Proportion.ifAny(successes, total, method, level);
    }

    private boolean bothClasses() {
        return counts.positives() > 0 && counts.negatives() > 0;
    }

    private double sensitivityValue() {
        return counts.truePositives() / (double) counts.positives();
    }

    private double specificityValue() {
        return counts.trueNegatives() / (double) counts.negatives();
    }

    private static OptionalDouble ratio(double numerator, double denominator) {
        return denominator == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(numerator / denominator);
    }

    private static double clampToUnit(double correlation) {
        return Math.max(-1, Math.min(1, correlation)); // the square roots round
    }
}
