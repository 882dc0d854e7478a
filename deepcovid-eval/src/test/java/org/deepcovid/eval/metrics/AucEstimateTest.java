package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.AucEstimate.Method.DELONG;
import static org.deepcovid.eval.metrics.AucEstimate.Method.DELONG_LOGIT;
import static org.deepcovid.eval.metrics.AucEstimate.Method.NEWCOMBE;
import static org.deepcovid.eval.metrics.PartialAuc.Axis.SPECIFICITY;
import static org.deepcovid.eval.metrics.TestLabels.assertRefused;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AucEstimateTest {

    private static final RocCurve PERFECT =
            RocCurve.of(TestLabels.of("111000", 0.9, 0.8, 0.7, 0.3, 0.2, 0.1));

    @Test
    void defaultIsDeLongOnTheLogitScale() {
        AucEstimate estimate = RocCurve.of(TestLabels.overlapping(1, 40, 60, 2)).aucEstimate();

        assertThat(estimate.method()).isEqualTo(DELONG_LOGIT);
        assertThat(estimate.interval().level()).isEqualTo(0.95);
        assertThat(estimate.interval().contains(estimate.auc())).isTrue();
    }

    @Test
    void perfectSeparationOfFewCasesLeavesDoubt() {
        AucEstimate estimate = PERFECT.aucEstimate();

        assertThat(estimate.auc()).isEqualTo(1);
        assertThat(estimate.standardError()).hasValue(0);
        assertThat(estimate.method()).isEqualTo(NEWCOMBE);
        assertThat(estimate.interval().upper()).isEqualTo(1);
        assertThat(estimate.interval().lower()).isBetween(0.3, 0.8);
        assertThat(PERFECT.aucEstimate(DELONG, 0.95)).isEmpty();
        assertThat(PERFECT.aucEstimate(DELONG_LOGIT, 0.95)).isEmpty();
    }

    @Test
    void singleCaseOfAClassHasNoStandardError() {
        RocCurve curve = RocCurve.of(TestLabels.of("1000", 0.5, 0.7, 0.2, 0.1));

        assertThat(curve.aucStandardError()).isEmpty();
        assertThat(curve.aucEstimate().method()).isEqualTo(NEWCOMBE);
        assertThat(curve.aucEstimate().interval().width()).isGreaterThan(0.4);
    }

    @ParameterizedTest
    @EnumSource(AucEstimate.Method.class)
    void higherLevelsWiden(AucEstimate.Method method) {
        ScoredLabels labels = TestLabels.overlapping(3, 30, 70, 3);

        assertThat(interval(labels, method, 0.99).lower())
                .isLessThan(interval(labels, method, 0.9).lower());
        assertThat(interval(labels, method, 0.999).upper()).isLessThanOrEqualTo(1);
    }

    @Test
    void refusesImpossibleLevelsAndValues() {
        assertRefusedNaming(() -> PERFECT.aucEstimate(NEWCOMBE, 95), "confidence level is 95.0");
        ConfidenceInterval interval = new ConfidenceInterval(0, 1, 0.95);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AucEstimate(1.1, OptionalDouble.empty(), interval, DELONG));
    }

    @Test
    void standardisedPartialAreaIsHalfWithoutSkillAndOneForPerfectScores() {
        RocCurve tied = RocCurve.of(TestLabels.of("1010", 0.5, 0.5, 0.5, 0.5));

        for (PartialAuc.Axis axis : PartialAuc.Axis.values()) {
            assertThat(PERFECT.partialAuc(axis, 0.8, 0.95).standardised())
                    .isCloseTo(1, within(1e-12));
            assertThat(tied.partialAuc(axis, 0.8, 0.95).standardised())
                    .isCloseTo(0.5, within(1e-12));
        }
    }

    @Test
    void partialAreasOfAdjoiningRangesSumToTheWhole() {
        RocCurve curve = RocCurve.of(TestLabels.rounded(4, 30, 50, 1, 0.1));

        for (PartialAuc.Axis axis : PartialAuc.Axis.values()) {
            assertThat(
                            curve.partialAuc(axis, 0, 0.37).area()
                                    + curve.partialAuc(axis, 0.37, 1).area())
                    .isCloseTo(curve.auc(), within(1e-12));
        }
    }

    @Test
    void refusesEmptyRanges() {
        assertRefused(
                () -> PERFECT.partialAuc(SPECIFICITY, 0.9, 0.9),
                "range is 0.9 to 0.9; expected from < to");
        assertRefusedNaming(() -> PERFECT.partialAuc(SPECIFICITY, 90, 100), "divide by 100");
        assertRefused(
                () -> new PartialAuc(SPECIFICITY, 0.5, 1, 0.6), "area is 0.6; expected 0 to 0.5");
    }

    @Test
    void ratesAtATargetAreThoseOfAnAttainablePoint() {
        RocCurve curve = RocCurve.of(TestLabels.of("11010100", .9, .8, .7, .6, .5, .4, .3, .1));

        assertThat(curve.sensitivityAtSpecificity(0.75)).isEqualTo(0.75);
        assertThat(curve.sensitivityAtSpecificity(0.8)).isEqualTo(0.5);
        assertThat(curve.specificityAtSensitivity(0.75)).isEqualTo(0.75);
        assertThat(curve.specificityAtSensitivity(0.8)).isEqualTo(0.5);
        assertThat(RocCurve.of(TestLabels.of("01", 0.9, 0.1)).sensitivityAtSpecificity(1)).isZero();
    }

    private static ConfidenceInterval interval(
            ScoredLabels labels, AucEstimate.Method method, double level) {
        return RocCurve.of(labels).aucEstimate(method, level).orElseThrow().interval();
    }
}
