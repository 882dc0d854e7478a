package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parity with scikit-learn on every point; see golden/curves/sklearn_curves.py. */
class CurveGoldenTest {

    private static final Offset<Double> TOLERANCE = within(1e-12);

    static Stream<Named<JsonNode>> cases() {
        return Golden.list(Golden.read("curves/sklearn-curves.json").get("cases")).stream()
                .map(node -> Named.of(node.get("name").asText(), node));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rocAgreesWithScikitLearn(JsonNode expected) {
        RocCurve curve = RocCurve.of(labels(expected));
        List<RocCurve.Point> points = curve.points();

        assertThat(points.get(0).threshold()).isEqualTo(Double.POSITIVE_INFINITY);
        assertClose(
                points.subList(1, points.size()),
                RocCurve.Point::threshold,
                Golden.numbers(expected.get("rocThresholds")));
        assertClose(
                points, RocCurve.Point::sensitivity, Golden.numbers(expected.get("sensitivity")));
        assertClose(
                points,
                RocCurve.Point::falsePositiveRate,
                Golden.numbers(expected.get("falsePositiveRate")));
        assertThat(curve.auc()).isCloseTo(expected.get("auc").asDouble(), TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void precisionRecallAgreesWithScikitLearn(JsonNode expected) {
        PrecisionRecallCurve curve = PrecisionRecallCurve.of(labels(expected));
        List<PrecisionRecallCurve.Point> points = curve.points();

        assertClose(
                points,
                PrecisionRecallCurve.Point::threshold,
                reversed(Golden.numbers(expected.get("prThresholds"))));
        assertClose(
                points,
                PrecisionRecallCurve.Point::precision,
                reversed(Golden.numbers(expected.get("precision"))));
        assertClose(
                points,
                PrecisionRecallCurve.Point::recall,
                reversed(Golden.numbers(expected.get("recall"))));
        assertThat(curve.averagePrecision())
                .isCloseTo(expected.get("averagePrecision").asDouble(), TOLERANCE);
    }

    private static ScoredLabels labels(JsonNode node) {
        return ScoredLabels.ofScores(
                TestLabels.truth(node.get("truth").asText()), Golden.numbers(node.get("scores")));
    }

    private static <T> void assertClose(
            List<T> points, ToDoubleFunction<T> value, double[] expected) {
        assertThat(points.stream().mapToDouble(value).toArray())
                .containsExactly(expected, TOLERANCE);
    }

    private static double[] reversed(double[] values) {
        double[] turned = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i] = values[values.length - 1 - i];
        }
        return turned;
    }
}
