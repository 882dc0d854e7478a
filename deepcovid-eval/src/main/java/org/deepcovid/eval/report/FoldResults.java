package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ClassScores;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.comparison.SeedSummary;

/**
 * The numbers of a cross-validation.
 *
 * @param folds the scores
 * @param measures pooled and over the folds; without rates if no fold has a threshold
 */
record FoldResults(CrossValidation folds, List<Measure> measures) {

    static final String EXPLANATION =
            "Intervals of areas (DeLong) and rates (Wilson) take the images as independent; that of"
                    + " the average precision is from resampled patients. Pooled areas mix the"
                    + " scores of several networks; compare them with the areas of the folds.";

    /**
     * One measure.
     *
     * @param label of an area that takes one of several labels against all others
     * @param pooled over the images of all folds
     * @param interval of the pooled value, if there are enough patients for it
     * @param spread over the folds that have the measure
     */
    record Measure(
            TestMetric metric,
            Optional<String> label,
            double pooled,
            Optional<ConfidenceInterval> interval,
            SeedSummary spread) {

        String words() {
            return metric.words() + label.map(name -> ", " + name).orElse("");
        }
    }

    static FoldResults of(CrossValidation folds) {
        FoldResults results = new FoldResults(folds, new ArrayList<>());
        results.area(Optional.empty(), ScoredLabels::of);
        results.averagePrecision();
        results.rate(TestMetric.SENSITIVITY, BinaryRates::sensitivity);
        results.rate(TestMetric.SPECIFICITY, BinaryRates::specificity);
        LabelSet labels = results.labels();
        for (int i = 0; labels.several() && i < labels.labels().size(); i++) {
            int label = i;
            results.area(
                    Optional.of(labels.names().get(label)),
                    scores -> ClassScores.of(scores).oneVersusRest(label));
        }
        return new FoldResults(folds, List.copyOf(results.measures));
    }

    LabelSet labels() {
        return folds.scores().get(0).probabilities().labels();
    }

    private void area(Optional<String> label, Function<List<ScoredImage>, ScoredLabels> columns) {
        ScoredLabels all = columns.apply(folds.scores());
        if (all.positives() == 0) {
            return;
        }
        AucEstimate pooled = RocCurve.of(all).aucEstimate();
        add(
                TestMetric.AUC,
                label,
                pooled.auc(),
                Optional.of(pooled.interval()),
                fold -> TestMetric.AUC.at(0).of(columns.apply(fold.scores())));
    }

    private void averagePrecision() {
        List<LabelledImage> images =
                folds.folds().stream().flatMap(fold -> fold.images().stream()).toList();
        TestMetric metric = TestMetric.AVERAGE_PRECISION;
        NetworkResults.Resampling.of(images)
                .estimate(metric.at(0), ScoredLabels.of(folds.scores()))
                .ifPresent(
                        pooled ->
                                add(
                                        metric,
                                        Optional.empty(),
                                        pooled.value(),
                                        pooled.interval(),
                                        fold -> metric.at(0).of(ScoredLabels.of(fold.scores()))));
    }

    private void rate(TestMetric metric, Function<BinaryRates, Optional<Proportion>> rate) {
        folds.rates()
                .flatMap(rate)
                .ifPresent(
                        pooled ->
                                add(
                                        metric,
                                        Optional.empty(),
                                        pooled.estimate(),
                                        Optional.of(pooled.interval()),
                                        fold ->
                                                fold.rates()
                                                        .flatMap(rate)
                                                        .map(Proportion::estimate)
                                                        .map(OptionalDouble::of)
                                                        .orElseGet(OptionalDouble::empty)));
    }

    private void add(
            TestMetric metric,
            Optional<String> label,
            double pooled,
            Optional<ConfidenceInterval> interval,
            Function<CrossValidation.Fold, OptionalDouble> ofFold) {
        double[] values =
                folds.folds().stream()
                        .map(ofFold)
                        .flatMapToDouble(OptionalDouble::stream)
                        .toArray();
        measures.add(new Measure(metric, label, pooled, interval, SeedSummary.of(values)));
    }

    /** What was done, in one sentence. */
    String summary() {
        ScoredLabels scores = ScoredLabels.of(folds.scores());
        return "%d folds by patient, %d images (%d %s), each scored by a network fitted without its fold"
                .formatted(
                        folds.folds().size(),
                        scores.size(),
                        scores.positives(),
                        labels().positive());
    }

    /** The folds without a threshold and the reasons. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        for (int i = 0; i < folds.folds().size(); i++) {
            String remark = folds.folds().get(i).remark();
            if (!remark.isEmpty()) {
                remarks.add(
                        "fold %d has no sensitivity and specificity: %s".formatted(i + 1, remark));
            }
        }
        return remarks;
    }

    /** Header and rows of a table: one row per fold. */
    List<List<String>> foldTable() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "fold",
                        "images",
                        "patients",
                        labels().positive().name(),
                        TestMetric.AUC.words(),
                        "sensitivity",
                        "specificity",
                        "threshold"));
        for (CrossValidation.Fold fold : folds.folds()) {
            ScoredLabels scores = ScoredLabels.of(fold.scores());
            rows.add(
                    List.of(
                            String.valueOf(rows.size()),
                            String.valueOf(fold.images().size()),
                            String.valueOf(fold.patients()),
                            String.valueOf(scores.positives()),
                            Format.number(RocCurve.of(scores).auc()),
                            rate(fold.rates().flatMap(BinaryRates::sensitivity)),
                            rate(fold.rates().flatMap(BinaryRates::specificity)),
                            fold.threshold()
                                    .map(at -> Format.threshold(at.value()))
                                    .orElse(Format.NONE)));
        }
        return rows;
    }

    private static String rate(Optional<Proportion> rate) {
        return rate.map(p -> Format.number(p.estimate()) + ", " + Format.counts(p))
                .orElse(Format.NONE);
    }

    /** Header and rows of a table: one row per measure. */
    List<List<String>> measureTable() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "measure",
                        "pooled, 95 % interval",
                        "mean",
                        "standard deviation",
                        "lowest to highest"));
        for (Measure measure : measures) {
            rows.add(
                    List.of(
                            measure.words(),
                            Format.number(measure.pooled())
                                    + measure.interval()
                                            .map(i -> " " + Format.interval(i))
                                            .orElse(""),
                            Format.number(measure.spread().mean()),
                            Format.number(measure.spread().standardDeviation()),
                            Format.range(measure.spread())));
        }
        return rows;
    }

    String toText() {
        return "cross-validation: %s%n%s%n%s%s"
                .formatted(
                        summary(),
                        columns(foldTable()),
                        columns(measureTable()),
                        remarks().stream().map("%s%n"::formatted).collect(Collectors.joining()));
    }

    /** Each row as a line, in columns of equal width. */
    private static String columns(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElseThrow();
                line.append(("%-" + (width + 2) + "s").formatted(row.get(i)));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
