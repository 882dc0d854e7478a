package org.deepcovid.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.LinearHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionsTest {

    private static final Label RARE = new Label("rare");
    private static final LabelSet THREE =
            new LabelSet(List.of(new Label("a"), RARE, new Label("c")), RARE);
    private static final double[] SHARES = {0.5, 0.1, 0.4};

    @ParameterizedTest
    @CsvSource({"PLATT, 0.4, -1.5, 2", "TEMPERATURE, 2.5, 0, 2", "TEMPERATURE, 0.3, 0, 3"})
    void aCalibratedHeadGivesTheCalibratedProbabilities(
            ScoreCalibration.Method method, double slope, double intercept, int classes) {
        LabelSet labels = classes == 2 ? LabelSet.COVID : THREE;
        SplittableRandom random = new SplittableRandom(1);
        float[] weights = floats(random, 5 * classes);
        LinearHead head = new LinearHead(weights, floats(random, classes));
        ScoreCalibration calibration = new ScoreCalibration(method, slope, intercept, "9 images");
        LinearHead calibrated = calibration.applyTo(head, labels);
        for (int i = 0; i < 20; i++) {
            float[] features = floats(random, 5);
            ClassProbabilities raw = ClassProbabilities.of(labels, head.probabilities(features));
            ClassProbabilities shown =
                    ClassProbabilities.of(labels, calibrated.probabilities(features));
            assertThat(calibration.applyTo(raw).values())
                    .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-6 ? 0 : 1)
                    .isEqualTo(shown.values());
            assertThat(logit(shown)).isCloseTo(slope * logit(raw) + intercept, offset(classes));
        }
    }

    /** Of more than two labels, only the probabilities tell. */
    private static Offset<Double> offset(int classes) {
        return within(classes == 2 ? 1e-5 : 1e9);
    }

    private static double logit(ClassProbabilities probabilities) {
        return Math.log(probabilities.positive() / (1 - probabilities.positive()));
    }

    private static float[] floats(SplittableRandom random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextDouble(-2, 2);
        }
        return values;
    }

    @Test
    void plattScalingIsForTwoLabels() {
        ScoreCalibration platt =
                new ScoreCalibration(ScoreCalibration.Method.PLATT, 0.5, 0.1, "9 images");
        assertRejects(
                () -> platt.applyTo(ClassProbabilities.of(THREE, new double[] {0.2, 0.3, 0.5})),
                "Platt scaling calibrates two labels",
                "use temperature scaling");
        assertRejects(
                () -> new ScoreCalibration(ScoreCalibration.Method.PLATT, -0.5, 0.1, "9 images"),
                "slope of the calibration is -0.5; expected a finite number above 0");
    }

    /**
     * Of 2,000 simulated fits and tests on exchangeable images, the share of the sets that hold the
     * true label is at least the confidence for every label, the rare one too, and above it by less
     * than 1 / (images of the label + 1): 0.02 and 0.024 for 50 and 40 images.
     */
    @ParameterizedTest
    @CsvSource({"0.8, 100", "0.9, 100", "0.95, 400", "0.9, 4000"})
    void setsHoldTheTrueLabelOfExchangeableImages(double confidence, int images) {
        SplittableRandom random = new SplittableRandom(7);
        int[] held = new int[3];
        int[] tested = new int[3];
        for (int repeat = 0; repeat < (images > 1000 ? 200 : 2000); repeat++) {
            LabelSets sets = LabelSets.of(simulated(random, images), "simulated images");
            for (ScoredImage image : simulated(random, 50)) {
                int truth = THREE.indexOf(image.truth());
                tested[truth]++;
                held[truth] +=
                        sets.of(image.probabilities(), confidence).contains(image.truth()) ? 1 : 0;
            }
        }
        for (int label = 0; label < 3; label++) {
            double coverage = held[label] / (double) tested[label];
            double noise = 4 * Math.sqrt(confidence * (1 - confidence) / tested[label]);
            assertThat(coverage)
                    .as("coverage of label " + label)
                    .isBetween(
                            confidence - noise, confidence + 1 / (images * SHARES[label]) + noise);
        }
    }

    /** Always the same numbers of labels, so that the rare one is never too rare. */
    private static List<ScoredImage> simulated(SplittableRandom random, int images) {
        List<ScoredImage> scores = new ArrayList<>();
        for (int label = 0; label < 3; label++) {
            for (int i = 0; i < SHARES[label] * images; i++) {
                double[] logits = new double[3];
                for (int c = 0; c < 3; c++) {
                    logits[c] = random.nextDouble(0, 2) + (c == label ? 0.7 : 0);
                }
                scores.add(
                        new ScoredImage(
                                label + "-" + i,
                                THREE.labels().get(label),
                                ClassProbabilities.of(THREE, LinearHead.softmax(logits))));
            }
        }
        return scores;
    }

    @ParameterizedTest
    @CsvSource({"8, false", "9, true"})
    void aLabelOfTooFewImagesIsInEverySetAndNamed(int images, boolean enough) {
        List<ScoredImage> scores =
                IntStream.range(0, images + 20)
                        .mapToObj(
                                i ->
                                        new ScoredImage(
                                                "" + i,
                                                i < images ? Label.COVID : Label.NON_COVID,
                                                i < images ? 0.9 + i * 1e-3 : 0.1 - i * 1e-3))
                        .toList();
        LabelSets sets = LabelSets.of(scores, "some images");
        assertThat(sets.tooFewFor(0.9)).isEqualTo(enough ? List.of() : List.of("covid (8)"));
        assertThat(sets.of(ClassProbabilities.ofCovid(0.01), 0.9).contains(Label.COVID))
                .isEqualTo(!enough);
        assertThat(sets.of(ClassProbabilities.ofCovid(0.9), 0.9)).contains(Label.COVID);
        assertRejects(() -> sets.tooFewFor(1), "confidence is 1.0; expected more than 0");
    }

    @Test
    void ofManyImagesTheScoresAtEvenlySpacedRanksAreKept() {
        List<ScoredImage> scores = simulated(new SplittableRandom(3), 4000);
        LabelSets.OfLabel frequent = LabelSets.of(scores, "images").labels().get(0);
        assertThat(frequent.images()).isEqualTo(2000);
        assertThat(frequent.scores()).hasSize(1000).isSorted();
    }

    @Test
    void scoresWithinTheRangeAreForReviewAndStillHaveALabelAtTheThreshold() {
        DecisionThreshold threshold =
                new DecisionThreshold(0.5, "fixed", "no images")
                        .withReview(new ReviewRange(0.3, 0.7, "wide"));
        for (double score : new double[] {0.29, 0.3, 0.69, 0.7}) {
            Prediction prediction =
                    new Prediction(
                            "a",
                            ClassProbabilities.ofCovid(score),
                            Optional.of(threshold),
                            List.of(),
                            OptionalDouble.empty());
            assertThat(prediction.needsReview()).isEqualTo(score >= 0.3 && score < 0.7);
            assertThat(prediction.positive()).contains(score >= 0.5);
        }
        assertRejects(
                () -> threshold.withReview(new ReviewRange(0.6, 0.7, "off")),
                "threshold is 0.5; expected it within the review range [0.6, 0.7]");
    }
}
