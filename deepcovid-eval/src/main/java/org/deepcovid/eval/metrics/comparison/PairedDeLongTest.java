package org.deepcovid.eval.metrics.comparison;

import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Compares the areas under the ROC curves of two models on the same independent cases (E. R.
 * DeLong, D. M. DeLong and D. L. Clarke-Pearson, 1988, doi 10.2307/2531595), in O(n log n) as X.
 * Sun and W. Xu (2014, doi 10.1109/LSP.2014.2337313) showed possible.
 *
 * @param firstAuc in [0, 1]
 * @param secondAuc in [0, 1]
 * @param standardError of the difference, at least 0
 * @param interval of the difference first minus second
 * @param pValue two-sided, of no difference; empty if the standard error is 0 although the areas
 *     differ
 */
public record PairedDeLongTest(
        double firstAuc,
        double secondAuc,
        double standardError,
        ConfidenceInterval interval,
        OptionalDouble pValue) {

    /**
     * Compares at the 95 % level.
     *
     * @param first scores of one model
     * @param second scores of the other, rows in the same order
     * @throws IllegalArgumentException if the two are not of the same cases, or a class has fewer
     *     than 2
     */
    public static PairedDeLongTest of(ScoredLabels first, ScoredLabels second) {
        return of(first, second, ConfidenceInterval.DEFAULT_LEVEL);
    }

    /**
     * Compares at a chosen level.
     *
     * @param first scores of one model
     * @param second scores of the other, rows in the same order
     * @param level confidence level in (0, 1)
     * @throws IllegalArgumentException if the two are not of the same cases, a class has fewer than
     *     2, or the level is not in (0, 1)
     */
    public static PairedDeLongTest of(ScoredLabels first, ScoredLabels second, double level) {
        first.requireSameCases(second);
        if (first.positives() < 2 || first.negatives() < 2) {
            throw new IllegalArgumentException(
                    "%d positive and %d negative cases; DeLong's test needs 2 of each"
                            .formatted(first.positives(), first.negatives()));
        }
        RocCurve firstCurve = RocCurve.of(first);
        RocCurve secondCurve = RocCurve.of(second);
        double firstAuc = firstCurve.auc();
        double secondAuc = secondCurve.auc();
        double difference = firstAuc - secondAuc;
        double[] firstPlacements = placements(first, firstCurve);
        double[] secondPlacements = placements(second, secondCurve);
        double error = Math.sqrt(variance(first, firstPlacements, secondPlacements));
        return new PairedDeLongTest(
                firstAuc,
                secondAuc,
                error,
                ConfidenceInterval.normal(difference, error, level),
                pValue(difference, error));
    }

    /** First area minus second, in [-1, 1]. */
    public double difference() {
        return firstAuc - secondAuc;
    }

    private static OptionalDouble pValue(double difference, double error) {
        if (error == 0) {
            return difference == 0 ? OptionalDouble.of(1) : OptionalDouble.empty();
        }
        return OptionalDouble.of(
                2
                        * new NormalDistribution(null, 0, 1)
                                .cumulativeProbability(-Math.abs(difference) / error));
    }

    /** Of the difference between the areas. */
    private static double variance(ScoredLabels cases, double[] first, double[] second) {
        double[] sums = new double[2];
        double[] differences = new double[cases.size()];
        for (int row = 0; row < differences.length; row++) {
            differences[row] = first[row] - second[row];
            sums[cases.isPositive(row) ? 1 : 0] += differences[row];
        }
        double[] counts = {cases.negatives(), cases.positives()};
        double variance = 0;
        for (int row = 0; row < differences.length; row++) {
            int kind = cases.isPositive(row) ? 1 : 0;
            double offset = differences[row] - sums[kind] / counts[kind];
            variance += offset * offset / (counts[kind] - 1) / counts[kind];
        }
        return variance;
    }

    /** The share of the other class that each case is on the right side of, ties counted half. */
    private static double[] placements(ScoredLabels cases, RocCurve curve) {
        double[] placements = new double[cases.size()];
        for (int row = 0; row < placements.length; row++) {
            ConfusionMatrix from = curve.at(cases.score(row)).counts();
            ConfusionMatrix above = curve.at(Math.nextUp(cases.score(row))).counts();
            placements[row] =
                    cases.isPositive(row)
                            ? (from.trueNegatives() + above.trueNegatives())
                                    / (2.0 * cases.negatives())
                            : (from.truePositives() + above.truePositives())
                                    / (2.0 * cases.positives());
        }
        return placements;
    }
}
