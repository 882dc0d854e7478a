package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocCurveTest {

    @Test
    void tiedScoresShareOnePoint() {
        RocCurve curve = RocCurve.of(TestLabels.of("1100", 0.5, 0.5, 0.5, 0.2));

        assertThat(curve.points())
                .containsExactly(
                        new RocCurve.Point(
                                Double.POSITIVE_INFINITY, new ConfusionMatrix(0, 0, 2, 2)),
                        new RocCurve.Point(0.5, new ConfusionMatrix(2, 1, 1, 0)),
                        new RocCurve.Point(0.2, new ConfusionMatrix(2, 2, 0, 0)));
        assertThat(curve.auc()).isEqualTo(0.75);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void strictlyIncreasingChangeOfScoresKeepsEveryCount(double step) {
        ScoredLabels labels = TestLabels.rounded(3, 40, 90, 1.5, step);
        RocCurve curve = RocCurve.of(labels);
        RocCurve changed =
                RocCurve.of(
                        labels.withScores(
                                ScoredLabels.Scale.ORDER_ONLY, s -> Math.expm1(3 * s) + s * s * s));

        assertThat(counts(changed)).isEqualTo(counts(curve));
        assertThat(changed.auc()).isEqualTo(curve.auc());
        assertThat(averagePrecision(labels))
                .isEqualTo(
                        averagePrecision(
                                labels.withScores(ScoredLabels.Scale.ORDER_ONLY, s -> 5 * s - 9)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void orderOfTheRowsIsIrrelevant(double step) {
        ScoredLabels labels = TestLabels.rounded(4, 40, 90, 1.5, step);
        ScoredLabels shuffled = TestLabels.shuffled(99, labels);

        assertThat(shuffled).isNotEqualTo(labels);
        assertThat(RocCurve.of(shuffled).points()).isEqualTo(RocCurve.of(labels).points());
        assertThat(PrecisionRecallCurve.of(shuffled).points())
                .isEqualTo(PrecisionRecallCurve.of(labels).points());
        assertThat(averagePrecision(shuffled)).isEqualTo(averagePrecision(labels));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void exchangingTheClassesAndTurningTheScoresMirrorsTheCurve(double step) {
        ScoredLabels labels = TestLabels.rounded(5, 40, 90, 1.5, step);
        RocCurve curve = RocCurve.of(labels);
        RocCurve mirrored = RocCurve.of(TestLabels.swapped(labels));
        int last = curve.points().size() - 1;

        assertThat(mirrored.auc()).isEqualTo(curve.auc());
        assertThat(mirrored.points()).hasSize(last + 1);
        for (int i = 0; i <= last; i++) {
            RocCurve.Point point = curve.points().get(i);
            RocCurve.Point mirror = mirrored.points().get(last - i);
            assertThat(mirror.sensitivity()).isEqualTo(point.specificity());
            assertThat(mirror.specificity()).isEqualTo(point.sensitivity());
        }
    }

    @Test
    void turningTheScoresAloneTurnsTheArea() {
        ScoredLabels labels = TestLabels.rounded(6, 40, 90, 1.5, 0.05);
        ScoredLabels turned = labels.withScores(ScoredLabels.Scale.ORDER_ONLY, s -> -s);

        assertThat(RocCurve.of(turned).auc())
                .isCloseTo(1 - RocCurve.of(labels).auc(), within(1e-15));
    }

    @Test
    void areaIsTheShareOfPairsInOrder() {
        ScoredLabels labels = TestLabels.rounded(7, 23, 31, 1, 0.1);
        double wins = 0;
        for (int p = 0; p < labels.size(); p++) {
            for (int n = 0; n < labels.size(); n++) {
                if (labels.isPositive(p) && !labels.isPositive(n)) {
                    wins += (Math.signum(labels.score(p) - labels.score(n)) + 1) / 2;
                }
            }
        }

        assertThat(RocCurve.of(labels).auc()).isCloseTo(wins / (23 * 31), within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {Double.NEGATIVE_INFINITY, -1, 0, 0.1, 0.3, 0.35, 0.7, 1, Double.MAX_VALUE})
    void countsAtAnyThresholdEqualCountingTheRows(double threshold) {
        ScoredLabels labels = TestLabels.rounded(8, 40, 60, 1.5, 0.1);
        RocCurve.Point point = RocCurve.of(labels).at(threshold);
        ConfusionMatrix counted = ConfusionMatrix.at(labels, threshold);

        assertThat(point).isEqualTo(new RocCurve.Point(threshold, counted));
        assertThat(RocCurve.of(labels).at(threshold).sensitivity())
                .isEqualTo(counted.truePositives() / 40.0);
        assertThat(RocCurve.of(labels).at(threshold).specificity())
                .isEqualTo(counted.trueNegatives() / 60.0);
    }

    @Test
    void noCaseReachesAnInfiniteThreshold() {
        RocCurve.Point point = RocCurve.of(TestLabels.of("10", 1, 0)).at(Double.POSITIVE_INFINITY);

        assertThat(point.counts()).isEqualTo(new ConfusionMatrix(0, 0, 1, 1));
    }

    @Test
    void refusesNaNThreshold() {
        ScoredLabels labels = TestLabels.of("10", 1, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RocCurve.of(labels).at(Double.NaN))
                .withMessage("threshold is NaN; expected a number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.at(labels, Double.NaN))
                .withMessage("threshold is NaN; expected a number");
    }

    @Test
    void pointsCannotBeChanged() {
        List<RocCurve.Point> points = RocCurve.of(TestLabels.of("10", 1, 0)).points();

        assertThatThrownBy(() -> points.remove(0))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> points.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void pointNeedsBothClasses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RocCurve.Point(0.5, new ConfusionMatrix(1, 0, 0, 1)))
                .withMessageContaining("expected both classes");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new PrecisionRecallCurve.Point(0.5, new ConfusionMatrix(0, 0, 1, 1)))
                .withMessageContaining("expected a positive case and one called positive");
    }

    @Test
    void noSkillPrecisionIsThePrevalence() {
        assertThat(PrecisionRecallCurve.of(TestLabels.of("1000", 1, 0, 0, 0)).noSkillPrecision())
                .isEqualTo(0.25);
    }

    @Test
    void curvesSummariseThemselves() {
        ScoredLabels labels = TestLabels.of("1000", 1, 0, 0, 0);

        assertThat(RocCurve.of(labels))
                .hasToString("RocCurve[3 points, 1 positive, 3 negative, AUC 1.0]");
        assertThat(PrecisionRecallCurve.of(labels))
                .hasToString(
                        "PrecisionRecallCurve[2 points, average precision 1.0, no skill 0.25]");
    }

    private static double averagePrecision(ScoredLabels labels) {
        return PrecisionRecallCurve.of(labels).averagePrecision();
    }

    private static List<ConfusionMatrix> counts(RocCurve curve) {
        return curve.points().stream().map(RocCurve.Point::counts).toList();
    }
}
