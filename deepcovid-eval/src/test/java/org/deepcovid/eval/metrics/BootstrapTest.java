package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.PartialAuc.Axis.SENSITIVITY;
import static org.deepcovid.eval.metrics.PartialAuc.Axis.SPECIFICITY;
import static org.deepcovid.eval.metrics.ScoredLabels.Scale.ORDER_ONLY;
import static org.deepcovid.eval.metrics.TestLabels.assertRefused;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static final ScoredLabels LABELS = TestLabels.overlapping(1, 60, 140, 2);
    private static final Clusters ALONE = Clusters.singletons(200);
    private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(7);

    @Test
    void agreesWithDeLongOnTheArea() {
        Bootstrap.Estimate found = estimate(Metric.auc(), LABELS, ALONE);
        RocCurve curve = RocCurve.of(LABELS);

        assertThat(found.value()).isEqualTo(curve.auc());
        assertThat(found.standardError())
                .isCloseTo(curve.aucStandardError().getAsDouble(), within(0.002));
        assertThat(found.interval().orElseThrow().contains(curve.auc())).isTrue();
        assertThat(found.replicates()).isEqualTo(2000);
        assertThat(found.undefinedReplicates()).isZero();
    }

    @Test
    void sameSeedSameResultOtherSeedOtherDraws() {
        Bootstrap.Estimate found = estimate(Metric.auc(), LABELS, ALONE);

        assertThat(estimate(Metric.auc(), LABELS, ALONE)).isEqualTo(found);
        assertThat(Bootstrap.seeded(8).estimate(Metric.auc(), LABELS, ALONE).orElseThrow())
                .isNotEqualTo(found);
    }

    @Test
    void everyReplicateKeepsTheClasses() {
        List<Integer> positives = new ArrayList<>();
        Metric counting =
                labels -> {
                    positives.add(labels.positives());
                    return OptionalDouble.of(labels.size());
                };

        Bootstrap.Estimate found = estimate(counting, LABELS, ALONE);

        assertThat(positives).hasSize(2001 + 200);
        assertThat(positives.subList(0, 2001)).containsOnly(60);
        assertThat(positives.subList(2001, 2201)).containsOnly(59, 60);
        assertThat(found.interval()).isEmpty();
    }

    @Test
    void repeatedImagesOfAPatientAddNoCertainty() {
        ScoredLabels fourfold = repeated(LABELS, 4);
        List<String> patients = new ArrayList<>();
        for (int row = 0; row < fourfold.size(); row++) {
            patients.add("patient " + row % 200);
        }
        double once = estimate(Metric.auc(), LABELS, ALONE).standardError();
        double byPatient =
                estimate(Metric.auc(), fourfold, Clusters.byName(patients)).standardError();
        double byImage = estimate(Metric.auc(), fourfold, Clusters.singletons(800)).standardError();

        assertThat(byPatient).isCloseTo(once, within(1e-12));
        assertThat(byImage).isCloseTo(once / 2, within(0.1 * once));
    }

    @Test
    void patientsWithBothLabelsAreDrawnWhole() {
        ScoredLabels labels = TestLabels.of("101010", 0.9, 0.2, 0.8, 0.3, 0.7, 0.4);
        Clusters pairs = Clusters.byName(List.of("a", "a", "b", "b", "c", "c"));
        Metric balanced = drawn -> OptionalDouble.of(drawn.positives() - drawn.negatives());

        assertThat(estimate(balanced, labels, pairs).standardError()).isZero();
    }

    @Test
    void countsReplicatesWithoutAValue() {
        ScoredLabels labels = TestLabels.of("110000", 0.9, 0.2, 0.1, 0.1, 0.1, 0.1);
        Metric precision = Metric.shareAt(0.5, BinaryRates::positivePredictiveValue);

        Bootstrap.Estimate found = estimate(precision, labels, Clusters.singletons(6));

        // A quarter of the draws take the second positive case twice.
        assertThat(found.undefinedReplicates()).isBetween(430, 570);
        assertThat(found.replicates() + found.undefinedReplicates()).isEqualTo(2000);
        assertThat(found.interval()).isEmpty();
    }

    @Test
    void emptyWhereTheMetricIs() {
        ScoredLabels negative = TestLabels.of("00", 0.5, 0.25);

        assertThat(
                        List.of(
                                Metric.auc(),
                                Metric.averagePrecision(),
                                Metric.sensitivityAt(0.5),
                                Metric.sensitivityAtSpecificity(0.9),
                                Metric.specificityAtSensitivity(0.9),
                                Metric.standardisedPartialAuc(SPECIFICITY, 0.9, 1),
                                Metric.rateAt(0.5, BinaryRates::balancedAccuracy)))
                .allSatisfy(metric -> assertThat(metric.of(negative)).isEmpty());
        Clusters two = Clusters.singletons(2);
        assertThat(BOOTSTRAP.estimate(Metric.auc(), negative, two)).isEmpty();
        assertThat(BOOTSTRAP.difference(Metric.auc(), negative, negative, two)).isEmpty();
        assertThat(BOOTSTRAP.estimate(once(OptionalDouble.of(1)), negative, two)).isEmpty();
    }

    /** A value on the cases themselves and none on any replicate. */
    private static Metric once(OptionalDouble value) {
        boolean[] called = {false};
        return labels -> {
            boolean first = !called[0];
            called[0] = true;
            return first ? value : OptionalDouble.empty();
        };
    }

    @Test
    void metricsAreThoseOfTheCurves() {
        RocCurve curve = RocCurve.of(LABELS);

        assertThat(Metric.averagePrecision().of(LABELS))
                .hasValue(PrecisionRecallCurve.of(LABELS).averagePrecision());
        assertThat(Metric.sensitivityAt(0.3).of(LABELS)).hasValue(curve.at(0.3).sensitivity());
        assertThat(Metric.specificityAt(0.3).of(LABELS)).hasValue(curve.at(0.3).specificity());
        assertThat(Metric.sensitivityAtSpecificity(0.9).of(LABELS))
                .hasValue(curve.sensitivityAtSpecificity(0.9));
        assertThat(Metric.specificityAtSensitivity(0.9).of(LABELS))
                .hasValue(curve.specificityAtSensitivity(0.9));
        assertThat(Metric.standardisedPartialAuc(SENSITIVITY, 0.9, 1).of(LABELS))
                .hasValue(curve.partialAuc(SENSITIVITY, 0.9, 1).standardised());
        assertThat(Metric.rateAt(0.3, BinaryRates::f1).of(LABELS))
                .isEqualTo(BinaryRates.of(ConfusionMatrix.at(LABELS, 0.3)).f1());
    }

    @Test
    void differenceOfAModelFromItselfIsNothing() {
        Bootstrap.Estimate found =
                BOOTSTRAP.difference(Metric.auc(), LABELS, LABELS, ALONE).orElseThrow();

        assertThat(found.value()).isZero();
        assertThat(found.interval()).isEmpty();
    }

    @Test
    void pairingCancelsWhatBothModelsShare() {
        ScoredLabels worse = withNoise(LABELS);
        Bootstrap.Estimate difference =
                BOOTSTRAP.difference(Metric.auc(), LABELS, worse, ALONE).orElseThrow();
        double first = estimate(Metric.auc(), LABELS, ALONE).standardError();
        double second = estimate(Metric.auc(), worse, ALONE).standardError();

        assertThat(difference.value())
                .isEqualTo(RocCurve.of(LABELS).auc() - RocCurve.of(worse).auc());
        assertThat(difference.standardError()).isLessThan(0.7 * Math.hypot(first, second));
    }

    @Test
    void refusesToPairOtherCases() {
        assertRefused(
                () -> difference(TestLabels.of("10", 1, 0), TestLabels.of("1", 1)),
                "2 cases cannot be paired with 1; expected scores of the same cases");
        assertRefusedNaming(
                () -> difference(TestLabels.of("10", 1, 0), TestLabels.of("11", 1, 0)),
                "row 1 is positive in one list and negative in the other");
        assertRefused(
                () ->
                        difference(
                                TestLabels.named("a b", "10", 1, 0),
                                TestLabels.named("a c", "10", 1, 0)),
                "row 1 is 'b' in one list and 'c' in the other; sort both alike");
        TestLabels.named("a b", "10", 1, 0).requireSameCases(TestLabels.of("10", 0.3, 0.3));
    }

    private static void difference(ScoredLabels first, ScoredLabels second) {
        var unused =
                BOOTSTRAP.difference(
                        Metric.auc(), first, second, Clusters.singletons(first.size()));
    }

    @Test
    void refusesUnusableSettings() {
        assertRefused(
                () -> BOOTSTRAP.withReplicates(19),
                "replicates is 19; expected at least 20, better 2000");
        assertThatIllegalArgumentException().isThrownBy(() -> BOOTSTRAP.withLevel(1));
        assertRefused(
                () -> estimate(Metric.auc(), LABELS, Clusters.singletons(3)),
                "clusters cover 3 rows but there are 200 cases; expected one cluster per"
                        + " case");
        assertThatIllegalArgumentException().isThrownBy(() -> Clusters.singletons(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Clusters.byName(List.of()));
        assertThatNullPointerException()
                .isThrownBy(() -> Clusters.byName(Arrays.asList("a", null)))
                .withMessage("the cluster of row 1 is null");
        ConfidenceInterval interval = new ConfidenceInterval(0, 1, 0.95);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bootstrap.Estimate(0, 0, Optional.of(interval), 0, 20));
    }

    @Test
    void countsClusters() {
        Clusters clusters = Clusters.byName(List.of("x", "y", "x"));

        assertThat(clusters.count()).isEqualTo(2);
        assertThat(clusters.rows()).isEqualTo(3);
        assertThat(clusters).hasToString("Clusters[2 of 3 rows]");
    }

    @Test
    void correctedIntervalLeansAwayFromTheEnd() {
        ScoredLabels excellent = TestLabels.overlapping(4, 60, 140, 6);
        ConfidenceInterval corrected =
                estimate(Metric.auc(), excellent, ALONE).interval().orElseThrow();
        ConfidenceInterval plain =
                BOOTSTRAP
                        .withMethod(Bootstrap.Method.PERCENTILE)
                        .estimate(Metric.auc(), excellent, ALONE)
                        .flatMap(Bootstrap.Estimate::interval)
                        .orElseThrow();

        assertThat(corrected.lower()).isLessThan(plain.lower());
        assertThat(corrected.upper()).isLessThan(plain.upper());
    }

    @Test
    void higherLevelsWiden() {
        Bootstrap narrow = BOOTSTRAP.withLevel(0.5).withReplicates(500);

        assertThat(width(narrow)).isLessThan(width(BOOTSTRAP));
    }

    private static double width(Bootstrap bootstrap) {
        return bootstrap
                .estimate(Metric.auc(), LABELS, ALONE)
                .flatMap(Bootstrap.Estimate::interval)
                .orElseThrow()
                .width();
    }

    @Test
    void noIntervalFromASinglePatientOfAClass() {
        ScoredLabels labels = TestLabels.of("110000", 0.9, 0.2, 0.1, 0.3, 0.1, 0.4);
        Clusters one = Clusters.byName(List.of("a", "a", "b", "c", "d", "e"));

        assertThat(estimate(Metric.auc(), labels, one).interval()).isEmpty();
        assertThat(estimate(Metric.auc(), labels, Clusters.singletons(6)).interval()).isPresent();
    }

    @Test
    void perfectSeparationFallsBackToNewcombe() {
        ScoredLabels labels = TestLabels.of("11110000", 0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1);
        Clusters pairs = Clusters.byName(List.of("a", "a", "b", "b", "c", "c", "d", "d"));

        assertThat(estimate(Metric.auc(), labels, Clusters.singletons(8)).interval())
                .contains(RocCurve.of(labels).aucEstimate().interval());
        assertThat(estimate(Metric.auc(), labels, pairs).interval())
                .contains(
                        RocCurve.of(TestLabels.of("1100", 0.9, 0.8, 0.4, 0.3))
                                .aucEstimate()
                                .interval());
        assertThat(estimate(Metric.sensitivityAt(0.5), labels, pairs).interval()).isEmpty();
    }

    private static Bootstrap.Estimate estimate(
            Metric metric, ScoredLabels labels, Clusters clusters) {
        return BOOTSTRAP.estimate(metric, labels, clusters).orElseThrow();
    }

    private static ScoredLabels repeated(ScoredLabels labels, int times) {
        boolean[] truth = new boolean[labels.size() * times];
        double[] scores = new double[truth.length];
        for (int row = 0; row < truth.length; row++) {
            truth[row] = labels.isPositive(row % labels.size());
            scores[row] = labels.score(row % labels.size());
        }
        return ScoredLabels.ofProbabilities(truth, scores);
    }

    private static ScoredLabels withNoise(ScoredLabels labels) {
        Random random = new Random(5);
        return labels.withScores(ORDER_ONLY, score -> score + 0.15 * random.nextGaussian());
    }

    @Test
    void accelerationOfAMeanIsASixthOfItsSkewness() {
        double[] scores = new double[50];
        Arrays.setAll(scores, i -> Math.pow((i + 1) / 51.0, 4));
        ScoredLabels labels = ScoredLabels.ofScores(new boolean[50], scores);
        double mean = Arrays.stream(scores).average().orElseThrow();
        double squares = Arrays.stream(scores).map(s -> Math.pow(s - mean, 2)).sum();
        double cubes = Arrays.stream(scores).map(s -> Math.pow(s - mean, 3)).sum();
        Clusters alone = Clusters.singletons(50);

        double[] found =
                Jackknife.accelerations(
                        new Resampler(labels, alone, 1).strata(),
                        alone,
                        weights -> new double[] {weightedMean(scores, weights)},
                        1);

        assertThat(found[0]).isCloseTo(cubes / (6 * Math.pow(squares, 1.5)), within(1e-12));
    }

    private static double weightedMean(double[] scores, int[] weights) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += weights[i] * scores[i];
        }
        return sum / Arrays.stream(weights).sum();
    }

    @Test
    void skewnessOfManyClustersComesFromAThousand() {
        ScoredLabels labels = TestLabels.overlapping(5, 1500, 1500, 1);
        List<Integer> sizes = new ArrayList<>();
        Metric counting =
                drawn -> {
                    sizes.add(drawn.size());
                    return Metric.sensitivityAt(0.5).of(drawn);
                };

        assertThat(
                        Bootstrap.seeded(7)
                                .withReplicates(20)
                                .estimate(counting, labels, Clusters.singletons(3000)))
                .isPresent();
        assertThat(sizes).hasSize(1 + 20 + 2000);
    }

    @Test
    void limitsAreInterpolatedRanks() {
        double[] values = new double[39];
        Arrays.setAll(values, i -> 39 - i);

        ConfidenceInterval most = Percentiles.interval(values, 0.9);
        assertThat(most.lower()).isCloseTo(2, within(1e-12));
        assertThat(most.upper()).isCloseTo(38, within(1e-12));
        ConfidenceInterval half = Percentiles.interval(values, 0.5);
        assertThat(half.lower()).isCloseTo(10, within(1e-12));
        assertThat(half.upper()).isCloseTo(30, within(1e-12));
        assertThat(Percentiles.interval(values, 0.9375).lower()).isCloseTo(1.25, within(1e-12));
        assertThat(Percentiles.interval(values, 0.999).upper()).isEqualTo(39);
        assertThat(Percentiles.standardDeviation(new double[] {4})).isZero();
    }

    @Test
    void correctionWithoutBiasAndSkewnessIsThePercentiles() {
        double[] values = new double[39];
        Arrays.setAll(values, i -> i + 1);

        ConfidenceInterval moved = Percentiles.accelerated(values, 20, 0, 0.9);
        assertThat(moved.lower()).isCloseTo(2, within(1e-9));
        assertThat(moved.upper()).isCloseTo(38, within(1e-9));
        assertThat(Percentiles.accelerated(values, 25, 0, 0.9).lower()).isGreaterThan(2.5);
        assertThat(Percentiles.accelerated(values, 20, 0.1, 0.9).lower()).isGreaterThan(2.5);
        assertThat(Percentiles.accelerated(values, 99, 9, 0.9))
                .isEqualTo(new ConfidenceInterval(39, 39, 0.9));
        assertThat(Percentiles.accelerated(values, -99, -9, 0.9))
                .isEqualTo(new ConfidenceInterval(1, 1, 0.9));
    }

    @Test
    void bandEnclosesTheCurveAndTouchesItsEnds() {
        RocBand band = RocBand.of(LABELS, ALONE, BOOTSTRAP.withReplicates(400), 21);

        assertThat(band.points()).hasSize(21);
        assertThat(band.points().get(20).sensitivity()).isEqualTo(1);
        assertThat(band.points().get(20).interval()).isEqualTo(new ConfidenceInterval(1, 1, 0.95));
        for (RocBand.Point point : band.points()) {
            assertThat(point.interval().contains(point.sensitivity())).isTrue();
        }
        assertThat(band.points().get(4).falsePositiveRate()).isEqualTo(0.2);
        assertThat(band.points().get(4).interval().width()).isBetween(0.05, 0.35);
        assertThat(RocBand.of(LABELS, ALONE, BOOTSTRAP.withReplicates(400), 21)).isEqualTo(band);
    }

    @Test
    void bandInterpolatesBetweenPointsAndTakesTheTopOfVerticalParts() {
        ScoredLabels labels = TestLabels.of("1101001", 0.9, 0.8, 0.6, 0.6, 0.4, 0.3, 0.2);
        RocBand band = RocBand.of(labels, Clusters.singletons(7), BOOTSTRAP, 7);

        // By falling score: two positives, one of each tied, two negatives, a positive.
        assertThat(band.points().get(0).sensitivity()).isEqualTo(0.5);
        assertThat(band.points().get(1).sensitivity()).isCloseTo(0.625, within(1e-12));
        assertThat(band.points().get(2).sensitivity()).isCloseTo(0.75, within(1e-12));
        assertThat(band.points().get(4).sensitivity()).isCloseTo(0.75, within(1e-12));
        assertThat(band.points().get(6).sensitivity()).isEqualTo(1);
        assertRefused(
                () -> RocBand.of(labels, Clusters.singletons(7), BOOTSTRAP, 1),
                "gridPoints is 1; expected at least 2");
    }
}
