package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.eval.metrics.ScoredLabels.Scale.ORDER_ONLY;
import static org.deepcovid.eval.metrics.TestLabels.assertRefused;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

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
                RocCurve.of(labels.withScores(ORDER_ONLY, s -> Math.expm1(3 * s) + s * s * s));

        assertThat(counts(changed)).isEqualTo(counts(curve));
        assertThat(changed.auc()).isEqualTo(curve.auc());
        assertThat(averagePrecision(labels))
                .isEqualTo(averagePrecision(labels.withScores(ORDER_ONLY, s -> 5 * s - 9)));
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

    @ParameterizedTest
    @ValueSource(
            doubles = {
                Double.NEGATIVE_INFINITY,
                -1,
                0,
                0.1,
                0.35,
                0.7,
                1,
                Double.POSITIVE_INFINITY
            })
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
    void refusesNaNThreshold() {
        ScoredLabels labels = TestLabels.of("10", 1, 0);

        assertRefused(
                () -> RocCurve.of(labels).at(Double.NaN), "threshold is NaN; expected a number");
        assertRefused(
                () -> ConfusionMatrix.at(labels, Double.NaN),
                "threshold is NaN; expected a number");
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
        assertRefusedNaming(
                () -> new RocCurve.Point(0.5, new ConfusionMatrix(1, 0, 0, 1)),
                "expected both classes");
        assertRefusedNaming(
                () -> new PrecisionRecallCurve.Point(0.5, new ConfusionMatrix(0, 0, 1, 1)),
                "expected a positive case and one called positive");
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

    @Test
    void pointsOnStraightLinesGoAtNoLoss() {
        RocCurve curve = RocCurve.of(TestLabels.of("111000", 0.9, 0.8, 0.7, 0.3, 0.2, 0.1));

        assertThat(curve.simplified(3))
                .containsExactly(
                        curve.points().get(0), curve.points().get(3), curve.points().get(6));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 10, 57, 300})
    void rocKeepsToItsNumberAndErrorBound(int maxPoints) {
        RocCurve curve = RocCurve.of(TestLabels.overlapping(1, 700, 2300, 1));
        List<RocCurve.Point> kept = curve.simplified(maxPoints);
        double step = 4.0 / (maxPoints - 2);

        assertThat(kept).hasSizeLessThanOrEqualTo(maxPoints);
        assertThat(kept.get(0)).isEqualTo(curve.points().get(0));
        assertThat(kept.get(kept.size() - 1)).isEqualTo(curve.points().get(3000));
        int next = 0;
        for (RocCurve.Point point : curve.points()) {
            if (point.equals(kept.get(next))) {
                next++;
            } else {
                RocCurve.Point before = kept.get(next - 1);
                RocCurve.Point after = kept.get(next);
                assertThat(
                                reach(after) - reach(before) <= step + 1e-12
                                        || Math.abs(cross(before, point, after)) < 1e-15)
                        .isTrue();
            }
        }
        assertThat(next).isEqualTo(kept.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 10, 57, 300})
    void precisionRecallKeepsToItsNumberAndErrorBound(int maxPoints) {
        PrecisionRecallCurve curve =
                PrecisionRecallCurve.of(TestLabels.overlapping(2, 700, 2300, 1));
        List<PrecisionRecallCurve.Point> kept = curve.simplified(maxPoints);
        int strips = (maxPoints - 2) / 2;
        double strip = 1.0 / strips;

        assertThat(kept).hasSizeLessThanOrEqualTo(maxPoints);
        assertThat(curve.points()).containsSubsequence(kept);
        for (PrecisionRecallCurve.Point point : curve.points()) {
            assertThat(kept)
                    .anyMatch(k -> near(k, point, strip) && k.precision() <= point.precision())
                    .anyMatch(k -> near(k, point, strip) && k.precision() >= point.precision());
        }
    }

    @Test
    void shortPrecisionRecallCurveStaysWhole() {
        PrecisionRecallCurve curve = PrecisionRecallCurve.of(TestLabels.overlapping(2, 3, 3, 1));

        assertThat(curve.simplified(6)).isEqualTo(curve.points());
    }

    @Test
    void refusesTooFewPoints() {
        ScoredLabels labels = TestLabels.of("10", 1, 0);

        assertRefused(
                () -> RocCurve.of(labels).simplified(2), "maxPoints is 2; expected at least 3");
        assertRefused(
                () -> PrecisionRecallCurve.of(labels).simplified(3),
                "maxPoints is 3; expected at least 4");
    }

    /** 0 if the three points lie on one line. */
    private static double cross(RocCurve.Point a, RocCurve.Point b, RocCurve.Point c) {
        return (b.sensitivity() - a.sensitivity()) * (c.falsePositiveRate() - a.falsePositiveRate())
                - (b.falsePositiveRate() - a.falsePositiveRate())
                        * (c.sensitivity() - a.sensitivity());
    }

    private static double reach(RocCurve.Point point) {
        return point.sensitivity() + point.falsePositiveRate();
    }

    private static boolean near(
            PrecisionRecallCurve.Point kept, PrecisionRecallCurve.Point point, double strip) {
        return Math.abs(kept.recall() - point.recall()) <= strip + 1e-12;
    }
}
