package org.deepcovid.eval.metrics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.TestLabels;
import org.junit.jupiter.api.Test;

class CalibratorTest {

    private static final ScoredLabels LABELS = TestLabels.overlapping(1, 200, 300, 2);

    @Test
    void temperatureKeepsTheOrderAndTheDecisionsAtOneHalf() {
        ScoredLabels tempered = new ScoreCalibrator.TemperatureScaling(3).calibrate(LABELS);

        assertThat(RocCurve.of(tempered).auc()).isEqualTo(RocCurve.of(LABELS).auc());
        assertThat(RocCurve.of(tempered).at(0.5)).isEqualTo(RocCurve.of(LABELS).at(0.5));
        assertThat(new ScoreCalibrator.TemperatureScaling(1).calibrate(0.123))
                .isCloseTo(0.123, within(1e-15));
    }

    @Test
    void noTemperatureWhereAllAreRightOrTheScoresAreWorthless() {
        assertThat(ScoreCalibrator.temperatureScaling(TestLabels.of("1100", 0.9, 0.6, 0.4, 0.1)))
                .isEmpty();
        assertThat(ScoreCalibrator.temperatureScaling(TestLabels.of("1100", 0.1, 0.4, 0.6, 0.9)))
                .isEmpty();
        assertThat(ScoreCalibrator.temperatureScaling(TestLabels.of("10", 0.5, 0.5))).isEmpty();
        assertThat(ScoreCalibrator.temperatureScaling(TestLabels.of("1100", 0.9, 0.4, 0.4, 0.1)))
                .isPresent();
    }

    @Test
    void plattUndoesAShiftOfTheLogits() {
        ScoreCalibrator.PlattScaling before = ScoreCalibrator.plattScaling(LABELS);
        ScoredLabels changed =
                LABELS.withScores(
                        ScoredLabels.Scale.PROBABILITY,
                        new ScoreCalibrator.PlattScaling(2, -1.5)::calibrate);
        ScoreCalibrator.PlattScaling after = ScoreCalibrator.plattScaling(changed);

        assertThat(after.slope()).isCloseTo(before.slope() / 2, within(1e-6));
        assertThat(after.intercept())
                .isCloseTo(before.intercept() + 0.75 * before.slope(), within(1e-6));
    }

    @Test
    void plattStaysFiniteWhereTheScoresSeparateTheClasses() {
        ScoredLabels separated = TestLabels.of("1100", 1, 0.8, 0.3, 0);
        ScoreCalibrator.PlattScaling platt = ScoreCalibrator.plattScaling(separated);

        assertThat(platt.slope()).isPositive();
        assertThat(platt.calibrate(1)).isBetween(0.7, 0.9);
        assertThat(platt.calibrate(separated).score(3)).isBetween(0.1, 0.3);
    }

    @Test
    void plattFitsScoresThatHardlyDiffer() {
        ScoredLabels narrow =
                LABELS.withScores(ScoredLabels.Scale.PROBABILITY, score -> 0.9 + 1e-9 * score);
        double spread = ScoreCalibrator.plattScaling(narrow).slope() * 1e-9;

        assertThat(spread).isBetween(0.1, 10.0);
    }

    @Test
    void plattTurnsScoresThatAreWorseThanChance() {
        ScoredLabels turned = LABELS.withScores(ScoredLabels.Scale.PROBABILITY, score -> 1 - score);

        assertThat(ScoreCalibrator.plattScaling(turned).slope()).isNegative();
    }

    @Test
    void certainScoresAreClamped() {
        ScoreCalibrator.TemperatureScaling temperature = new ScoreCalibrator.TemperatureScaling(2);

        assertThat(temperature.calibrate(1)).isEqualTo(temperature.calibrate(1 - 1e-9));
        assertThat(temperature.calibrate(1)).isCloseTo(0.999684, within(1e-6));
        assertThat(temperature.calibrate(0)).isCloseTo(1 - 0.999684, within(1e-6));
    }

    @Test
    void refusesWhatCannotBeCalibrated() {
        ScoredLabels order = ScoredLabels.ofScores(TestLabels.truth("10"), new double[] {3, -3});

        assertRefusedNaming(() -> ScoreCalibrator.temperatureScaling(order), "needs probabilities");
        assertRefusedNaming(
                () -> ScoreCalibrator.temperatureScaling(TestLabels.of("00", 0.1, 0.6)),
                "temperature scaling needs both classes");
        assertRefusedNaming(() -> ScoreCalibrator.plattScaling(order), "needs probabilities");
        assertRefusedNaming(
                () -> new ScoreCalibrator.PlattScaling(1, 0).calibrate(order),
                "needs probabilities");
        assertRefusedNaming(
                () -> ScoreCalibrator.plattScaling(TestLabels.of("11", 0.5, 0.6)),
                "0 negative cases");
        assertRefusedNaming(
                () -> ScoreCalibrator.plattScaling(TestLabels.of("10", 0.25, 0.25)),
                "all 2 validation scores are");
        assertRefusedNaming(
                () -> new ScoreCalibrator.TemperatureScaling(1).calibrate(-3),
                "probability is -3.0; expected [0, 1] (a logit?)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScoreCalibrator.TemperatureScaling(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScoreCalibrator.PlattScaling(Double.NaN, 0));
    }

    @Test
    void describesItself() {
        assertThat(new ScoreCalibrator.TemperatureScaling(1.5).describe())
                .isEqualTo("temperature scaling, logits divided by 1.500");
        assertThat(new ScoreCalibrator.PlattScaling(2, -1).describe())
                .isEqualTo("Platt scaling, logits times 2.000 plus -1.000");
    }
}
