package org.deepcovid.eval.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.ClassProbabilities;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.ReviewRange;
import org.deepcovid.core.ScoreCalibration;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;
import org.deepcovid.eval.metrics.calibration.ScoreCalibrator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DecisionPolicyTest {

    private static final DecisionPolicy POLICY =
            DecisionPolicy.of(ThresholdRule.sensitivityAtLeast(0.9));

    /** Probabilities sigmoid(z) of images that are positive with probability sigmoid(z / 3 - 1). */
    private static List<ScoredImage> overconfident(int images, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<ScoredImage> scores = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            double z = random.nextDouble(-9, 9);
            boolean positive = random.nextDouble() < 1 / (1 + Math.exp(1 - z / 3));
            scores.add(
                    new ScoredImage(
                            "image " + i,
                            positive ? Label.COVID : Label.NON_COVID,
                            1 / (1 + Math.exp(-z))));
        }
        return scores;
    }

    @Test
    void calibrationsAgreeWithTheCalibratorsOfTheMetrics() {
        List<ScoredImage> raw = overconfident(400, 1);
        ScoredLabels labels = ScoredLabels.of(raw);
        ScoreCalibration platt = CalibrationChoice.PLATT.fit(raw, "400 images").orElseThrow();
        ScoreCalibrator.PlattScaling expected = ScoreCalibrator.plattScaling(labels);
        assertThat(platt.slope()).isEqualTo(expected.slope());
        assertThat(platt.intercept()).isEqualTo(expected.intercept());
        assertThat(CalibrationChoice.TEMPERATURE.fit(raw, "400 images").orElseThrow().slope())
                .isCloseTo(
                        1 / ScoreCalibrator.temperatureScaling(labels).orElseThrow().temperature(),
                        within(1e-6));
        assertThat(CalibrationChoice.NONE.fit(raw, "400 images")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CalibrationChoice.class)
    void calibrationKeepsTheCallsAndAllChoicesAreOnOneScale(CalibrationChoice calibration) {
        List<ScoredImage> raw = overconfident(300, 2);
        Decisions decisions =
                POLICY.withCalibration(calibration)
                        .withReview(ReviewRule.nearest(0.1))
                        .choose(raw, "300 images");
        DecisionThreshold plain = POLICY.choose(raw, "300 images").threshold().orElseThrow();
        DecisionThreshold shown = decisions.threshold().orElseThrow();
        int reviews = 0;
        for (ScoredImage image : raw) {
            double score = decisions.applyTo(image).positiveProbability();
            assertThat(shown.isReachedBy(score))
                    .isEqualTo(plain.isReachedBy(image.positiveProbability()));
            reviews += shown.needsReview(score) ? 1 : 0;
        }
        assertThat(reviews).isEqualTo(30);
    }

    @Test
    void plattScalingMakesNewScoresOfThatKindCalibrated() {
        Decisions decisions =
                POLICY.withCalibration(CalibrationChoice.PLATT)
                        .choose(overconfident(2000, 3), "2000 images");
        List<ScoredImage> fresh = overconfident(4000, 4).stream().map(decisions::applyTo).toList();
        CalibrationLine line = CalibrationLine.fit(ScoredLabels.of(fresh)).orElseThrow();
        assertThat(line.slope().estimate()).isCloseTo(1, within(0.12));
        assertThat(line.calibrationInTheLarge().estimate()).isCloseTo(0, within(0.15));
    }

    /** Simulated with logits that are 2.5 times too large. */
    @Test
    void temperatureOfThreeLabelsIsFoundAndPlattScalingRefused() {
        LabelSet labels =
                new LabelSet(
                        List.of(new Label("a"), new Label("b"), new Label("c")), new Label("b"));
        SplittableRandom random = new SplittableRandom(5);
        List<ScoredImage> scores = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            double[] logits = {random.nextDouble(4), random.nextDouble(4), random.nextDouble(4)};
            double[] chances = LinearHead.softmax(logits.clone());
            double draw = random.nextDouble();
            int truth = draw < chances[0] ? 0 : draw < chances[0] + chances[1] ? 1 : 2;
            for (int c = 0; c < 3; c++) {
                logits[c] *= 2.5;
            }
            scores.add(
                    new ScoredImage(
                            "image " + i,
                            labels.labels().get(truth),
                            ClassProbabilities.of(labels, LinearHead.softmax(logits))));
        }
        assertThat(1 / CalibrationChoice.TEMPERATURE.fit(scores, "").orElseThrow().slope())
                .isCloseTo(2.5, within(0.08));
        assertThatThrownBy(() -> CalibrationChoice.PLATT.fit(scores, "images"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use temperature scaling");
    }

    @Test
    void whatCannotBeCalibratedIsRefusedWithTheReason() {
        List<ScoredImage> inverted =
                overconfident(100, 6).stream()
                        .map(
                                i ->
                                        new ScoredImage(
                                                i.imageId(),
                                                i.truth(),
                                                1 - i.positiveProbability()))
                        .toList();
        assertThatThrownBy(() -> CalibrationChoice.PLATT.fit(inverted, "these images"))
                .hasMessageContaining("on these images they are worse than chance");
        assertThatThrownBy(() -> CalibrationChoice.TEMPERATURE.fit(inverted, "these images"))
                .hasMessageContaining("no temperature fits these images");
    }

    /**
     * Positive scores 0.2, 0.6, 0.7, 0.8, negative ones 0.1, 0.3, 0.4, 0.75. At most a quarter of
     * the positives is called negative below 0.5, at most a quarter of the others positive from
     * 0.5; at most none: below 0.15, from 0.775.
     */
    @ParameterizedTest
    @CsvSource({"0.75, 0.75, 0.5, 0.5", "1, 0.75, 0.15, 0.5", "1, 1, 0.15, 0.775"})
    void theRangeLeavesTheOtherImagesAtTheirTargets(
            double sensitivity, double specificity, double lower, double upper) {
        double[] scores = {0.2, 0.6, 0.7, 0.8, 0.1, 0.3, 0.4, 0.75};
        List<ScoredImage> images = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            images.add(new ScoredImage("" + i, i < 4 ? Label.COVID : Label.NON_COVID, scores[i]));
        }
        ReviewRange range =
                ReviewRule.reaching(sensitivity, specificity)
                        .choose(images, new DecisionThreshold(0.5, "fixed", "no images"))
                        .review()
                        .orElseThrow();
        assertThat(range.lower()).isCloseTo(lower, within(1e-12));
        assertThat(range.upper()).isCloseTo(upper, within(1e-12));
    }
}
