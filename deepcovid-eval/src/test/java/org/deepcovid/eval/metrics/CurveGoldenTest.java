package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.AucEstimate.Method.DELONG;
import static org.deepcovid.eval.metrics.AucEstimate.Method.DELONG_LOGIT;
import static org.deepcovid.eval.metrics.AucEstimate.Method.NEWCOMBE;
import static org.deepcovid.eval.metrics.Golden.assertClose;
import static org.deepcovid.eval.metrics.PartialAuc.Axis.SENSITIVITY;
import static org.deepcovid.eval.metrics.PartialAuc.Axis.SPECIFICITY;
import static org.deepcovid.eval.metrics.Proportion.IntervalMethod.JEFFREYS;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parity of curves and intervals with other software; see the scripts in golden. */
class CurveGoldenTest {

    private static final Offset<Double> TOLERANCE = within(1e-9);

    static Stream<Named<JsonNode>> curves() {
        return Golden.cases("curves/sklearn-curves.json");
    }

    static Stream<Named<JsonNode>> areas() {
        return Golden.cases("intervals/areas.json");
    }

    @ParameterizedTest
    @MethodSource("curves")
    void rocAgreesWithScikitLearn(JsonNode expected) {
        RocCurve curve = RocCurve.of(Golden.labels(expected, "scores"));
        List<RocCurve.Point> points = curve.points();

        assertThat(points.get(0).threshold()).isEqualTo(Double.POSITIVE_INFINITY);
        assertClose(
                points.subList(1, points.size()),
                RocCurve.Point::threshold,
                expected,
                "rocThresholds");
        assertClose(points, RocCurve.Point::sensitivity, expected, "sensitivity");
        assertClose(points, RocCurve.Point::falsePositiveRate, expected, "falsePositiveRate");
        assertClose(curve.auc(), expected, "auc", 1e-12);
    }

    @ParameterizedTest
    @MethodSource("curves")
    void precisionRecallAgreesWithScikitLearn(JsonNode expected) {
        PrecisionRecallCurve curve = PrecisionRecallCurve.of(Golden.labels(expected, "scores"));
        List<PrecisionRecallCurve.Point> points = new ArrayList<>(curve.points());
        Collections.reverse(points);

        assertClose(points, PrecisionRecallCurve.Point::threshold, expected, "prThresholds");
        assertClose(points, PrecisionRecallCurve.Point::precision, expected, "precision");
        assertClose(points, PrecisionRecallCurve.Point::recall, expected, "recall");
        assertClose(curve.averagePrecision(), expected, "averagePrecision", 1e-12);
    }

    @Test
    void proportionsAgreeWithStatsmodels() {
        for (JsonNode expected : Golden.read("intervals/proportions.json").get("cases")) {
            Proportion.IntervalMethod method =
                    Proportion.IntervalMethod.valueOf(expected.get("method").asText());
            int successes = expected.get("successes").asInt();
            int total = expected.get("total").asInt();
            ConfidenceInterval found =
                    method.interval(successes, total, expected.get("level").asDouble());
            boolean jeffreys = method == JEFFREYS;
            // Jeffreys' limits at the ends are moved to the end; statsmodels leaves them.
            double lower = jeffreys && successes == 0 ? 0 : expected.get("lower").asDouble();
            double upper = jeffreys && successes == total ? 1 : expected.get("upper").asDouble();
            assertThat(found.lower()).as("%s", expected).isCloseTo(lower, TOLERANCE);
            assertThat(found.upper()).as("%s", expected).isCloseTo(upper, TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("areas")
    void areasAndIntervalsAgreeWithTheirDefinition(JsonNode expected) {
        RocCurve curve = RocCurve.of(Golden.labels(expected, "first"));
        double error = Math.sqrt(expected.get("variance").asDouble());

        assertClose(curve.auc(), expected, "auc", 1e-14);
        assertThat(curve.aucStandardError().getAsDouble()).isCloseTo(error, TOLERANCE);
        assertInterval(curve, DELONG_LOGIT, expected, "logit");
        assertInterval(curve, NEWCOMBE, expected, "newcombe");
        AucEstimate plain = curve.aucEstimate(DELONG, 0.95).orElseThrow();
        double spread = 1.959963984540054 * error;
        assertThat(plain.interval().lower()).isCloseTo(curve.auc() - spread, TOLERANCE);
        assertThat(plain.interval().upper())
                .isCloseTo(Math.min(1, curve.auc() + spread), TOLERANCE);
    }

    private static void assertInterval(
            RocCurve curve, AucEstimate.Method method, JsonNode expected, String prefix) {
        ConfidenceInterval found = curve.aucEstimate(method, 0.95).orElseThrow().interval();
        assertClose(found.lower(), expected, prefix + "Lower", 1e-9);
        assertClose(found.upper(), expected, prefix + "Upper", 1e-9);
    }

    @ParameterizedTest
    @MethodSource("areas")
    void partialAreasAgreeWithScikitLearn(JsonNode expected) {
        RocCurve curve = RocCurve.of(Golden.labels(expected, "first"));
        PartialAuc tenth = curve.partialAuc(SPECIFICITY, 0.9, 1);
        PartialAuc thirty = curve.partialAuc(SPECIFICITY, 0.7, 1);
        PartialAuc sensitive = curve.partialAuc(SENSITIVITY, 0.9, 1);
        PartialAuc whole = curve.partialAuc(SENSITIVITY, 0, 1);

        assertClose(tenth.standardised(), expected, "standardisedBelowTenPercent", 1e-12);
        assertClose(thirty.standardised(), expected, "standardisedBelowThirtyPercent", 1e-12);
        assertClose(sensitive.area(), expected, "fromNinetyPercentSensitivity", 1e-12);
        assertClose(whole.area(), expected, "wholeBySensitivity", 1e-12);
    }
}
