package org.deepcovid.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.deepcovid.eval.figure.CurveFigures;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.PartialAuc;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.metrics.ThresholdTable;
import org.deepcovid.eval.metrics.calibration.BrierScore;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.deepcovid.eval.metrics.calibration.ScoreCalibrator;
import org.deepcovid.eval.metrics.calibration.ScoreHistogram;
import org.deepcovid.eval.metrics.comparison.McNemarTest;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;

/**
 * Time and allocation of every metric and curve on many distinct scores, one call each in a cold
 * JVM, and the size of a drawn curve. To be run with a heap of 500 MB, see {@code
 * docs/statistics.md}.
 */
public final class MillionScores {

    private static final int CASES = 1_000_000;

    /** One call; the megabytes include garbage. */
    record Call(String name, double seconds, long megabytes, Object result) {}

    private MillionScores() {}

    /**
     * Prints a Markdown row per metric; the argument is the number of scores (default 1 million).
     */
    public static void main(String[] args) {
        int cases = args.length == 0 ? CASES : Integer.parseInt(args[0]);
        System.out.printf(
                Locale.ROOT,
                "%d scores, heap limit %d MB, Java %s, %d processors%n",
                cases,
                Runtime.getRuntime().maxMemory() >> 20,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        for (Map.Entry<String, Supplier<Object>> metric : metrics(cases).entrySet()) {
            Call call = measure(metric.getKey(), metric.getValue());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f s | %d MB |%n",
                    call.name(),
                    call.seconds(),
                    call.megabytes());
        }
        System.out.printf(
                "a drawn ROC curve is %d KB as SVG%n", drawn(labels(cases, 1)).length() >> 10);
    }

    /** Every metric and curve, of labels that are made here. */
    static Map<String, Supplier<Object>> metrics(int cases) {
        ScoredLabels labels = labels(cases, 1);
        return metrics(
                labels, labels.withScores(ScoredLabels.Scale.PROBABILITY, MillionScores::mix));
    }

    /** A ROC curve as a report draws it. */
    static String drawn(ScoredLabels labels) {
        RocCurve curve = RocCurve.of(labels);
        return CurveFigures.roc("roc", curve, curve.aucEstimate(), 0.5, Optional.empty()).toSvg();
    }

    private static double mix(double score) {
        return 0.9 * score + 0.1 * (score * 7919 % 1);
    }

    private static Map<String, Supplier<Object>> metrics(ScoredLabels labels, ScoredLabels other) {
        Map<String, Supplier<Object>> metrics = new LinkedHashMap<>();
        metrics.put(
                "confusion matrix and rates",
                () -> BinaryRates.of(ConfusionMatrix.at(labels, 0.5)).accuracy());
        metrics.put(
                "threshold table, 20 rows",
                () -> ThresholdTable.of(labels, new Random(1).doubles(20).toArray()));
        metrics.put("ROC curve", () -> RocCurve.of(labels));
        metrics.put("area with DeLong interval", () -> RocCurve.of(labels).aucEstimate());
        metrics.put(
                "walk over all ROC points",
                () ->
                        RocCurve.of(labels).points().stream()
                                .mapToDouble(RocCurve.Point::sensitivity)
                                .sum());
        metrics.put(
                "partial area",
                () -> RocCurve.of(labels).partialAuc(PartialAuc.Axis.SPECIFICITY, 0.9, 1));
        metrics.put("ROC curve in 500 points", () -> RocCurve.of(labels).simplified(500));
        metrics.put(
                "sensitivity at a specificity, and the other way round",
                () -> {
                    RocCurve curve = RocCurve.of(labels);
                    return List.of(
                            curve.sensitivityAtSpecificity(0.95),
                            curve.specificityAtSensitivity(0.95));
                });
        metrics.put(
                "threshold rule", () -> ThresholdRule.youdenIndex().choose(RocCurve.of(labels)));
        metrics.put(
                "precision-recall curve", () -> PrecisionRecallCurve.of(labels).averagePrecision());
        metrics.put(
                "precision-recall curve in 500 points",
                () -> PrecisionRecallCurve.of(labels).simplified(500));
        metrics.put("drawn ROC curve (SVG)", () -> drawn(labels));
        metrics.put(
                "reliability, equal width",
                () -> ReliabilityDiagram.of(labels, ReliabilityDiagram.Binning.EQUAL_WIDTH, 10));
        metrics.put(
                "reliability, equal mass",
                () -> ReliabilityDiagram.of(labels, ReliabilityDiagram.Binning.EQUAL_MASS, 10));
        metrics.put(
                "Brier score",
                () -> BrierScore.of(labels, ReliabilityDiagram.Binning.EQUAL_WIDTH, 10));
        metrics.put("histogram", () -> ScoreHistogram.of(labels));
        metrics.put("calibration line", () -> CalibrationLine.fit(labels));
        metrics.put("temperature", () -> ScoreCalibrator.temperatureScaling(labels));
        metrics.put("Platt scaling", () -> ScoreCalibrator.plattScaling(labels));
        metrics.put("paired DeLong test", () -> PairedDeLongTest.of(labels, other));
        metrics.put(
                "McNemar test",
                () -> McNemarTest.of(labels, 0.5, other, 0.5, McNemarTest.Cases.ALL).exactPValue());
        metrics.put(
                "20 bootstrap replicates of the area",
                () ->
                        Bootstrap.seeded(1)
                                .withReplicates(20)
                                .withMethod(Bootstrap.Method.PERCENTILE)
                                .estimate(
                                        Metric.auc(), labels, Clusters.singletons(labels.size())));
        return metrics;
    }

    static Call measure(String name, Supplier<Object> metric) {
        long before = allocated();
        long start = System.nanoTime();
        Object result = metric.get();
        long nanos = System.nanoTime() - start;
        long bytes = allocated() - before;
        return new Call(name, nanos / 1e9, bytes >> 20, result);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static ScoredLabels labels(int cases, long seed) {
        Random random = new Random(seed);
        boolean[] truth = new boolean[cases];
        double[] scores = new double[cases];
        for (int row = 0; row < cases; row++) {
            truth[row] = random.nextDouble() < 0.2;
            scores[row] = 1 / (1 + Math.exp(-1.5 * random.nextGaussian() - (truth[row] ? 1 : -1)));
        }
        return ScoredLabels.ofProbabilities(truth, scores);
    }
}
