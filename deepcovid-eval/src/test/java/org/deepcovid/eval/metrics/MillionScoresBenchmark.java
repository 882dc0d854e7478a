package org.deepcovid.eval.metrics;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.deepcovid.eval.metrics.calibration.Binning;
import org.deepcovid.eval.metrics.calibration.BrierScore;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;
import org.deepcovid.eval.metrics.calibration.PlattScaling;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.deepcovid.eval.metrics.calibration.ScoreHistogram;
import org.deepcovid.eval.metrics.calibration.TemperatureScaling;
import org.deepcovid.eval.metrics.comparison.CaseSelection;
import org.deepcovid.eval.metrics.comparison.McNemarTest;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;

/**
 * Times every metric on a million distinct scores, one call each in a cold JVM, and prints the
 * bytes that each call allocates and the heap in use afterwards. Run it with a heap of 500 MB, as
 * docs/statistics.md says.
 */
public final class MillionScoresBenchmark {

    private static final int CASES = 1_000_000;

    private MillionScoresBenchmark() {}

    /**
     * Prints one line a metric.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        System.out.printf(
                Locale.ROOT,
                "%d cases, heap limit %d MB, Java %s, %d processors%n",
                CASES,
                Runtime.getRuntime().maxMemory() >> 20,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        ScoredLabels labels = labels(1);
        ScoredLabels other = labels.withScores(ScoreScale.PROBABILITY, MillionScoresBenchmark::mix);
        metrics(labels, other).forEach(MillionScoresBenchmark::measure);
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
                                .mapToDouble(RocPoint::sensitivity)
                                .sum());
        metrics.put(
                "partial area", () -> RocCurve.of(labels).partialAuc(RocAxis.SPECIFICITY, 0.9, 1));
        metrics.put("ROC curve in 500 points", () -> RocCurve.of(labels).simplified(500));
        metrics.put("threshold rule", () -> new YoudenIndex().choose(RocCurve.of(labels)));
        metrics.put(
                "precision-recall curve", () -> PrecisionRecallCurve.of(labels).averagePrecision());
        metrics.put(
                "precision-recall curve in 500 points",
                () -> PrecisionRecallCurve.of(labels).simplified(500));
        metrics.put(
                "reliability, equal width",
                () -> ReliabilityDiagram.of(labels, Binning.EQUAL_WIDTH, 10));
        metrics.put(
                "reliability, equal mass",
                () -> ReliabilityDiagram.of(labels, Binning.EQUAL_MASS, 10));
        metrics.put("Brier score", () -> BrierScore.of(labels, Binning.EQUAL_WIDTH, 10));
        metrics.put("histogram", () -> ScoreHistogram.of(labels));
        metrics.put("calibration line", () -> CalibrationLine.fit(labels));
        metrics.put("temperature", () -> TemperatureScaling.fit(labels));
        metrics.put("Platt scaling", () -> PlattScaling.fit(labels));
        metrics.put("paired DeLong test", () -> PairedDeLongTest.of(labels, other));
        metrics.put(
                "McNemar test",
                () -> McNemarTest.of(labels, 0.5, other, 0.5, CaseSelection.ALL).exactPValue());
        metrics.put(
                "20 bootstrap replicates of the area",
                () ->
                        Bootstrap.seeded(1)
                                .withReplicates(20)
                                .withMethod(BootstrapMethod.PERCENTILE)
                                .estimate(Metric.auc(), labels, Clusters.singletons(CASES)));
        return metrics;
    }

    private static void measure(String name, Supplier<Object> metric) {
        long before = allocated();
        long start = System.nanoTime();
        Object result = metric.get();
        long nanos = System.nanoTime() - start;
        long bytes = allocated() - before;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        String text = String.valueOf(result);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f s | %d MB | %d MB | %s%n",
                name,
                nanos / 1e9,
                bytes >> 20,
                used >> 20,
                text.substring(0, Math.min(60, text.length())));
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static ScoredLabels labels(long seed) {
        Random random = new Random(seed);
        boolean[] truth = new boolean[CASES];
        double[] scores = new double[CASES];
        for (int row = 0; row < CASES; row++) {
            truth[row] = random.nextDouble() < 0.2;
            scores[row] = 1 / (1 + Math.exp(-1.5 * random.nextGaussian() - (truth[row] ? 1 : -1)));
        }
        return ScoredLabels.ofProbabilities(truth, scores);
    }
}
