package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parity with other software; see golden/intervals/proportions.py and areas.py. */
class IntervalGoldenTest {

    private static final Offset<Double> TOLERANCE = within(1e-9);

    static Stream<Named<JsonNode>> areas() {
        return Golden.list(Golden.read("intervals/areas.json").get("cases")).stream()
                .map(node -> Named.of(node.get("name").asText(), node));
    }

    static ScoredLabels labels(JsonNode node, String scores) {
        return ScoredLabels.ofScores(
                TestLabels.truth(node.get("truth").asText()), Golden.numbers(node.get(scores)));
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
            boolean jeffreys = method == Proportion.IntervalMethod.JEFFREYS;
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
        RocCurve curve = RocCurve.of(labels(expected, "first"));
        double error = Math.sqrt(expected.get("variance").asDouble());

        assertThat(curve.auc()).isCloseTo(expected.get("auc").asDouble(), within(1e-14));
        assertThat(curve.aucStandardError().getAsDouble()).isCloseTo(error, TOLERANCE);
        assertInterval(curve, AucEstimate.Method.DELONG_LOGIT, expected, "logit");
        assertInterval(curve, AucEstimate.Method.NEWCOMBE, expected, "newcombe");
        AucEstimate plain = curve.aucEstimate(AucEstimate.Method.DELONG, 0.95).orElseThrow();
        double spread = 1.959963984540054 * error;
        assertThat(plain.interval().lower()).isCloseTo(curve.auc() - spread, TOLERANCE);
        assertThat(plain.interval().upper())
                .isCloseTo(Math.min(1, curve.auc() + spread), TOLERANCE);
    }

    private static void assertInterval(
            RocCurve curve, AucEstimate.Method method, JsonNode expected, String prefix) {
        ConfidenceInterval found = curve.aucEstimate(method, 0.95).orElseThrow().interval();
        assertThat(found.lower()).isCloseTo(expected.get(prefix + "Lower").asDouble(), TOLERANCE);
        assertThat(found.upper()).isCloseTo(expected.get(prefix + "Upper").asDouble(), TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("areas")
    void partialAreasAgreeWithScikitLearn(JsonNode expected) {
        RocCurve curve = RocCurve.of(labels(expected, "first"));

        assertThat(curve.partialAuc(PartialAuc.Axis.SPECIFICITY, 0.9, 1).standardised())
                .isCloseTo(expected.get("standardisedBelowTenPercent").asDouble(), within(1e-12));
        assertThat(curve.partialAuc(PartialAuc.Axis.SPECIFICITY, 0.7, 1).standardised())
                .isCloseTo(
                        expected.get("standardisedBelowThirtyPercent").asDouble(), within(1e-12));
        assertThat(curve.partialAuc(PartialAuc.Axis.SENSITIVITY, 0.9, 1).area())
                .isCloseTo(expected.get("fromNinetyPercentSensitivity").asDouble(), within(1e-12));
        assertThat(curve.partialAuc(PartialAuc.Axis.SENSITIVITY, 0, 1).area())
                .isCloseTo(expected.get("wholeBySensitivity").asDouble(), within(1e-12));
    }
}
