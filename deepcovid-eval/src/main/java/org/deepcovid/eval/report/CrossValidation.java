package org.deepcovid.eval.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.comparison.SeedSummary;

/**
 * The results of cross-validation: each image is scored by the model that was fitted without its
 * fold, and called at the threshold of that model.
 *
 * @param folds evaluations of disjoint folds, at least two, each with both classes
 */
public record CrossValidation(List<Evaluation> folds) {

    /**
     * @throws IllegalArgumentException if there are fewer than two folds, or an image is in two
     */
    public CrossValidation {
        folds = List.copyOf(folds);
        if (folds.size() < 2) {
            throw new IllegalArgumentException(
                    "there are %d folds; expected at least 2".formatted(folds.size()));
        }
        ScoredLabels.of(pooled(folds)).requireBothClasses("cross-validation");
    }

    private static List<ScoredImage> pooled(List<Evaluation> folds) {
        return folds.stream().flatMap(fold -> fold.testScores().stream()).toList();
    }

    /** The out-of-fold scores of all images. */
    public ScoredLabels scores() {
        return ScoredLabels.of(pooled(folds));
    }

    /** Sensitivity, specificity and the other rates over all images. */
    public BinaryRates rates() {
        int[] sums = new int[4];
        for (Evaluation fold : folds) {
            ConfusionMatrix counts = fold.rates().counts();
            sums[0] += counts.truePositives();
            sums[1] += counts.falsePositives();
            sums[2] += counts.trueNegatives();
            sums[3] += counts.falseNegatives();
        }
        return BinaryRates.of(new ConfusionMatrix(sums[0], sums[1], sums[2], sums[3]));
    }

    /**
     * The pooled results with 95 % intervals, which take the images as independent, and the spread
     * over the folds.
     *
     * @return several lines, each ended
     */
    public String toText() {
        ScoredLabels scores = scores();
        Map<TestMetric, SeedSummary> spread = SeedRuns.summaries(folds);
        Map<TestMetric, String> pooled =
                Map.of(
                        TestMetric.AUC,
                        Format.auc(RocCurve.of(scores).aucEstimate()),
                        TestMetric.AVERAGE_PRECISION,
                        Format.number(PrecisionRecallCurve.of(scores).averagePrecision()),
                        TestMetric.SENSITIVITY,
                        text(rates().sensitivity().orElseThrow()),
                        TestMetric.SPECIFICITY,
                        text(rates().specificity().orElseThrow()));
        StringBuilder text =
                new StringBuilder(
                        ("cross-validation: %d folds by patient, %d images (%d %s), each scored by"
                                        + " a network fitted without its fold%n")
                                .formatted(
                                        folds.size(),
                                        scores.size(),
                                        scores.positives(),
                                        folds.get(0).labels().positive()));
        spread.forEach(
                (metric, folded) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "%s: pooled %s; per fold %.4f to %.4f, mean %.4f, standard"
                                                + " deviation %.4f%n",
                                        metric.words(),
                                        pooled.get(metric),
                                        folded.lowest(),
                                        folded.highest(),
                                        folded.mean(),
                                        folded.standardDeviation().orElseThrow())));
        return text.toString();
    }

    private static String text(Proportion rate) {
        return Format.rate(rate) + ", " + rate.successes() + "/" + rate.total();
    }
}
