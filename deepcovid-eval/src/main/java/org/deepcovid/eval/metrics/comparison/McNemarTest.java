package org.deepcovid.eval.metrics.comparison;

import org.apache.commons.math3.special.Beta;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Compares the decisions of two models on the same independent cases by those that only one gets
 * right (Q. McNemar, 1947, doi 10.1007/BF02295996).
 *
 * @param onlyFirstRight cases that the first model alone calls what they are
 * @param onlySecondRight cases that the second model alone calls what they are
 */
public record McNemarTest(int onlyFirstRight, int onlySecondRight) {

    public McNemarTest {
        if (onlyFirstRight < 0 || onlySecondRight < 0) {
            throw new IllegalArgumentException(
                    "counts are %d and %d; expected at least 0"
                            .formatted(onlyFirstRight, onlySecondRight));
        }
    }

    /**
     * Counts the cases on which the two models differ, each at its own threshold.
     *
     * @param first scores of one model
     * @param firstThreshold a score of at least this is a positive call of the first
     * @param second scores of the other, rows in the same order
     * @param secondThreshold a score of at least this is a positive call of the second
     * @param selection which cases to count
     * @throws IllegalArgumentException if the two are not of the same cases, or a threshold is NaN
     */
    public static McNemarTest of(
            ScoredLabels first,
            double firstThreshold,
            ScoredLabels second,
            double secondThreshold,
            Cases selection) {
        first.requireSameCases(second);
        if (Double.isNaN(firstThreshold) || Double.isNaN(secondThreshold)) {
            throw new IllegalArgumentException(
                    "thresholds are %s and %s; expected numbers"
                            .formatted(firstThreshold, secondThreshold));
        }
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int row = 0; row < first.size(); row++) {
            boolean truth = first.isPositive(row);
            if (selection.includes(truth)) {
                boolean firstRight = first.score(row) >= firstThreshold == truth;
                boolean secondRight = second.score(row) >= secondThreshold == truth;
                onlyFirst += firstRight && !secondRight ? 1 : 0;
                onlySecond += secondRight && !firstRight ? 1 : 0;
            }
        }
        return new McNemarTest(onlyFirst, onlySecond);
    }

    /**
     * The two-sided p-value of the binomial distribution of the smaller count, in (0, 1]; 1 if the
     * models never differ.
     */
    public double exactPValue() {
        if (onlyFirstRight == onlySecondRight) {
            return 1;
        }
        double smaller = Math.min(onlyFirstRight, onlySecondRight);
        double larger = Math.max(onlyFirstRight, onlySecondRight);
        // the binomial distribution function, for sums beyond the range of int
        return Math.min(1, 2 * Beta.regularizedBeta(0.5, larger, smaller + 1));
    }

    /** Which cases a comparison of decisions is about. */
    public enum Cases {
        /** All cases: compares accuracies. */
        ALL,
        /** Positive cases only: compares sensitivities. */
        POSITIVE,
        /** Negative cases only: compares specificities. */
        NEGATIVE;

        boolean includes(boolean positive) {
            return switch (this) {
                case ALL -> true;
                case POSITIVE -> positive;
                case NEGATIVE -> !positive;
            };
        }
    }
}
