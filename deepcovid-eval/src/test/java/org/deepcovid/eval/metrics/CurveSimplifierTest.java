package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurveSimplifierTest {

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

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RocCurve.of(labels).simplified(2))
                .withMessage("maxPoints is 2; expected at least 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PrecisionRecallCurve.of(labels).simplified(3))
                .withMessage("maxPoints is 3; expected at least 4");
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
