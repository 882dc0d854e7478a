package org.deepcovid.eval.metrics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Consumer;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoreScale;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.TestLabels;
import org.junit.jupiter.api.Test;

class CalibratorTest {

    private static final ScoredLabels LABELS = TestLabels.overlapping(1, 200, 300, 2);

    @Test
    void temperatureUndoesASharpening() {
        double before = TemperatureScaling.fit(LABELS).orElseThrow().temperature();
        ScoredLabels sharpened =
                LABELS.withScores(ScoreScale.PROBABILITY, new TemperatureScaling(0.4)::calibrate);

        assertThat(TemperatureScaling.fit(sharpened).orElseThrow().temperature())
                .isCloseTo(before / 0.4, within(1e-6));
    }

    @Test
    void temperatureKeepsTheOrderAndTheDecisionsAtOneHalf() {
        ScoredLabels tempered = new TemperatureScaling(3).calibrate(LABELS);

        assertThat(RocCurve.of(tempered).auc()).isEqualTo(RocCurve.of(LABELS).auc());
        assertThat(RocCurve.of(tempered).at(0.5)).isEqualTo(RocCurve.of(LABELS).at(0.5));
        assertThat(new TemperatureScaling(1).calibrate(0.123)).isCloseTo(0.123, within(1e-15));
    }

    @Test
    void noTemperatureWhereAllAreRightOrTheScoresAreWorthless() {
        assertThat(TemperatureScaling.fit(TestLabels.of("1100", 0.9, 0.6, 0.4, 0.1))).isEmpty();
        assertThat(TemperatureScaling.fit(TestLabels.of("1100", 0.1, 0.4, 0.6, 0.9))).isEmpty();
        assertThat(TemperatureScaling.fit(TestLabels.of("10", 0.5, 0.5))).isEmpty();
        assertThat(TemperatureScaling.fit(TestLabels.of("1100", 0.9, 0.4, 0.4, 0.1))).isPresent();
    }

    @Test
    void plattUndoesAShiftOfTheLogits() {
        PlattScaling before = PlattScaling.fit(LABELS);
        ScoredLabels changed =
                LABELS.withScores(ScoreScale.PROBABILITY, new PlattScaling(2, -1.5)::calibrate);
        PlattScaling after = PlattScaling.fit(changed);

        assertThat(after.slope()).isCloseTo(before.slope() / 2, within(1e-6));
        assertThat(after.intercept())
                .isCloseTo(before.intercept() + 0.75 * before.slope(), within(1e-6));
    }

    @Test
    void plattStaysFiniteWhereTheScoresSeparateTheClasses() {
        ScoredLabels separated = TestLabels.of("1100", 1, 0.8, 0.3, 0);
        PlattScaling platt = PlattScaling.fit(separated);

        assertThat(platt.slope()).isPositive();
        assertThat(platt.calibrate(1)).isBetween(0.7, 0.9);
        assertThat(platt.calibrate(separated).score(3)).isBetween(0.1, 0.3);
    }

    @Test
    void plattFitsScoresThatHardlyDiffer() {
        ScoredLabels narrow =
                LABELS.withScores(ScoreScale.PROBABILITY, score -> 0.9 + 1e-9 * score);
        double spread = PlattScaling.fit(narrow).slope() * 1e-9;

        assertThat(spread).isBetween(0.1, 10.0);
    }

    @Test
    void plattTurnsScoresThatAreWorseThanChance() {
        ScoredLabels turned = LABELS.withScores(ScoreScale.PROBABILITY, score -> 1 - score);

        assertThat(PlattScaling.fit(turned).slope()).isNegative();
    }

    @Test
    void certainScoresAreClamped() {
        TemperatureScaling temperature = new TemperatureScaling(2);

        assertThat(temperature.calibrate(1)).isEqualTo(temperature.calibrate(1 - 1e-9));
        assertThat(temperature.calibrate(1)).isCloseTo(0.999684, within(1e-6));
        assertThat(temperature.calibrate(0)).isCloseTo(1 - 0.999684, within(1e-6));
    }

    @Test
    void calibrationLowersTheErrorOnOtherCases() {
        ScoredLabels validation = overconfident(2);
        ScoredLabels test = overconfident(3);
        double before = BrierScore.score(test);

        assertThat(
                        BrierScore.score(
                                TemperatureScaling.fit(validation).orElseThrow().calibrate(test)))
                .isLessThan(before - 0.01);
        assertThat(BrierScore.score(PlattScaling.fit(validation).calibrate(test)))
                .isLessThan(before - 0.01);
    }

    private static ScoredLabels overconfident(long seed) {
        return new TemperatureScaling(0.3).calibrate(TestLabels.overlapping(seed, 300, 300, 1));
    }

    @Test
    void refusesWhatCannotBeCalibrated() {
        ScoredLabels order = ScoredLabels.ofScores(TestLabels.truth("10"), new double[] {3, -3});

        assertRefused(labels -> TemperatureScaling.fit(labels), order, "needs probabilities");
        assertRefused(PlattScaling::fit, order, "needs probabilities");
        assertRefused(new PlattScaling(1, 0)::calibrate, order, "needs probabilities");
        assertRefused(PlattScaling::fit, TestLabels.of("11", 0.5, 0.6), "0 negative cases");
        assertRefused(
                PlattScaling::fit, TestLabels.of("10", 0.25, 0.25), "all 2 validation scores are");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TemperatureScaling(1).calibrate(-3))
                .withMessage("probability is -3.0; expected [0, 1] (a logit?)");
        assertThatIllegalArgumentException().isThrownBy(() -> new TemperatureScaling(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new PlattScaling(Double.NaN, 0));
    }

    private static void assertRefused(
            Consumer<ScoredLabels> action, ScoredLabels labels, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> action.accept(labels))
                .withMessageContaining(message);
    }

    @Test
    void describesItself() {
        assertThat(new TemperatureScaling(1.5).describe())
                .isEqualTo("temperature scaling, logits divided by 1.500");
        assertThat(new PlattScaling(2, -1).describe())
                .isEqualTo("Platt scaling, logits times 2.000 plus -1.000");
    }
}
