package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.eval.metrics.AucEstimate.Method.DELONG;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How often 95 % intervals hold the truth, over simulated test sets of 60 positive and 200 negative
 * cases with normal scores, whose true area and sensitivity are known. Writes target/coverage.md,
 * the tables of docs/statistics.md.
 */
@Tag("slow")
class CoverageSimulationTest {

    private static final int TEST_SETS = 2000;
    private static final int POSITIVES = 60;
    private static final int NEGATIVES = 200;
    private static final int REPLICATES = 1000;
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    @Test
    void intervalsCoverAsDocumented() throws IOException {
        Map<String, Map<String, Double>> table = new LinkedHashMap<>();
        for (double auc : new double[] {0.80, 0.90, 0.95, 0.99}) {
            table.put("area %.2f".formatted(auc), areaCoverage(auc));
        }
        for (double rate : new double[] {0.80, 0.90, 0.95, 0.98}) {
            table.put("sensitivity %.2f".formatted(rate), sensitivityCoverage(rate));
        }
        table.put("two images a patient, area 0.90", clusteredCoverage());
        table.put("difference of two areas, 0.90 and 0.85", pairedCoverage());
        write(table);

        for (String area : List.of("area 0.80", "area 0.90", "area 0.95", "area 0.99")) {
            assertNominal(table, area, "bootstrap BCA");
        }
        for (String area : List.of("area 0.80", "area 0.90")) {
            assertNominal(table, area, "DELONG");
            assertNominal(table, area, "DELONG_LOGIT");
        }
        assertThat(table.get("area 0.99").get("DELONG")).isLessThan(0.9);
        assertThat(table.get("area 0.99").get("NEWCOMBE")).isGreaterThan(0.97);
        for (String rate : List.of("0.80", "0.90", "0.98")) {
            assertNominal(table, "sensitivity " + rate, "WILSON");
        }
        // Its true coverage there is 0.9703, by summing the binomial distribution.
        assertThat(table.get("sensitivity 0.95").get("WILSON")).isBetween(0.96, 0.98);
        for (String rate : List.of("0.80", "0.90", "0.95", "0.98")) {
            // Never less than 0.95 in truth; a simulated share may be by chance.
            assertThat(table.get("sensitivity " + rate).get("CLOPPER_PEARSON"))
                    .isGreaterThan(0.943);
        }
        assertThat(table.get("sensitivity 0.98").get("WALD")).isLessThan(0.75);
        assertNominal(table, "two images a patient, area 0.90", "bootstrap by patient");
        assertThat(table.get("two images a patient, area 0.90").get("DELONG")).isLessThan(0.9);
        assertNominal(table, "difference of two areas, 0.90 and 0.85", "paired DELONG");
        assertNominal(table, "difference of two areas, 0.90 and 0.85", "paired bootstrap");
    }

    private static void assertNominal(
            Map<String, Map<String, Double>> table, String row, String method) {
        assertThat(table.get(row).get(method)).as("%s, %s", row, method).isBetween(0.93, 0.97);
    }

    private static Map<String, Double> areaCoverage(double auc) {
        Tally tally = new Tally();
        Random random = new Random(1000 + Math.round(100 * auc));
        double shift = shiftFor(auc);
        Clusters alone = Clusters.singletons(POSITIVES + NEGATIVES);
        for (int set = 0; set < TEST_SETS; set++) {
            ScoredLabels labels = scores(random, shift);
            RocCurve curve = RocCurve.of(labels);
            for (AucEstimate.Method method : AucEstimate.Method.values()) {
                tally.add(
                        method.name(),
                        curve.aucEstimate(method, 0.95).map(AucEstimate::interval),
                        auc);
            }
            tally.add("default", Optional.of(curve.aucEstimate().interval()), auc);
            for (Bootstrap.Method method : Bootstrap.Method.values()) {
                Bootstrap bootstrap = bootstrap(set).withMethod(method);
                tally.add(
                        "bootstrap " + method,
                        interval(bootstrap.estimate(Metric.auc(), labels, alone)),
                        auc);
            }
        }
        return tally.shares();
    }

    private static Map<String, Double> sensitivityCoverage(double rate) {
        Tally tally = new Tally();
        Random random = new Random(2000 + Math.round(100 * rate));
        double threshold = -NORMAL.inverseCumulativeProbability(rate);
        for (int set = 0; set < TEST_SETS; set++) {
            ConfusionMatrix counts = ConfusionMatrix.at(scores(random, 0), threshold);
            for (Proportion.IntervalMethod method : Proportion.IntervalMethod.values()) {
                tally.add(
                        method.name(),
                        new BinaryRates(counts, method, 0.95)
                                .sensitivity()
                                .map(Proportion::interval),
                        rate);
            }
        }
        return tally.shares();
    }

    /** Images of a patient share 80 % of their variance. */
    private static Map<String, Double> clusteredCoverage() {
        Tally tally = new Tally();
        Random random = new Random(3000);
        double shift = shiftFor(0.9);
        List<String> patients = new ArrayList<>();
        for (int row = 0; row < 2 * (POSITIVES + NEGATIVES); row++) {
            patients.add("patient " + row / 2);
        }
        Clusters clusters = Clusters.byName(patients);
        for (int set = 0; set < TEST_SETS; set++) {
            ScoredLabels labels = pairedImages(random, shift);
            tally.add(
                    "DELONG",
                    RocCurve.of(labels).aucEstimate(DELONG, 0.95).map(AucEstimate::interval),
                    0.9);
            tally.add(
                    "bootstrap by patient",
                    interval(bootstrap(set).estimate(Metric.auc(), labels, clusters)),
                    0.9);
        }
        return tally.shares();
    }

    private static Map<String, Double> pairedCoverage() {
        Tally tally = new Tally();
        Random random = new Random(4000);
        double first = shiftFor(0.9);
        double second = shiftFor(0.85);
        Clusters alone = Clusters.singletons(POSITIVES + NEGATIVES);
        for (int set = 0; set < TEST_SETS; set++) {
            double[][] scores = new double[2][POSITIVES + NEGATIVES];
            boolean[] truth = truth(1);
            for (int row = 0; row < truth.length; row++) {
                double common = random.nextGaussian() * Math.sqrt(0.6);
                double own = Math.sqrt(0.4);
                scores[0][row] = (truth[row] ? first : 0) + common + own * random.nextGaussian();
                scores[1][row] = (truth[row] ? second : 0) + common + own * random.nextGaussian();
            }
            ScoredLabels one = ScoredLabels.ofScores(truth, scores[0]);
            ScoredLabels other = ScoredLabels.ofScores(truth, scores[1]);
            tally.add(
                    "paired DELONG", Optional.of(PairedDeLongTest.of(one, other).interval()), 0.05);
            tally.add(
                    "paired bootstrap",
                    interval(bootstrap(set).difference(Metric.auc(), one, other, alone)),
                    0.05);
        }
        return tally.shares();
    }

    private static Bootstrap bootstrap(int set) {
        return Bootstrap.seeded(set).withReplicates(REPLICATES);
    }

    private static Optional<ConfidenceInterval> interval(Optional<Bootstrap.Estimate> estimate) {
        return estimate.flatMap(Bootstrap.Estimate::interval);
    }

    /** Distance of the class means that gives the area, for normal scores of variance 1. */
    private static double shiftFor(double auc) {
        return Math.sqrt(2) * NORMAL.inverseCumulativeProbability(auc);
    }

    private static boolean[] truth(int imagesOfEach) {
        boolean[] truth = new boolean[imagesOfEach * (POSITIVES + NEGATIVES)];
        for (int row = 0; row < imagesOfEach * POSITIVES; row++) {
            truth[row] = true;
        }
        return truth;
    }

    private static ScoredLabels scores(Random random, double shift) {
        boolean[] truth = truth(1);
        double[] scores = new double[truth.length];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = random.nextGaussian() + (truth[row] ? shift : 0);
        }
        return ScoredLabels.ofScores(truth, scores);
    }

    private static ScoredLabels pairedImages(Random random, double shift) {
        boolean[] truth = truth(2);
        double[] scores = new double[truth.length];
        for (int row = 0; row < scores.length; row += 2) {
            double common = random.nextGaussian() * Math.sqrt(0.8) + (truth[row] ? shift : 0);
            scores[row] = common + random.nextGaussian() * Math.sqrt(0.2);
            scores[row + 1] = common + random.nextGaussian() * Math.sqrt(0.2);
        }
        return ScoredLabels.ofScores(truth, scores);
    }

    private static void write(Map<String, Map<String, Double>> table) throws IOException {
        List<String> lines = new ArrayList<>();
        table.forEach(
                (row, shares) ->
                        shares.forEach(
                                (method, share) ->
                                        lines.add(
                                                String.format(
                                                        Locale.ROOT,
                                                        "| %s | %s | %.1f %% |",
                                                        row,
                                                        method,
                                                        100 * share))));
        Files.write(Path.of("target", "coverage.md"), lines);
    }

    /** Counts, method by method, the intervals that hold the truth; an undefined one does not. */
    private static final class Tally {

        private final Map<String, int[]> counts = new LinkedHashMap<>();

        void add(String method, Optional<ConfidenceInterval> interval, double truth) {
            int[] count = counts.computeIfAbsent(method, unseen -> new int[2]);
            count[0]++;
            count[1] += interval.isPresent() && interval.get().contains(truth) ? 1 : 0;
        }

        Map<String, Double> shares() {
            Map<String, Double> shares = new LinkedHashMap<>();
            counts.forEach((method, count) -> shares.put(method, count[1] / (double) count[0]));
            return shares;
        }
    }
}
