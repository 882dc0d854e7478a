package org.deepcovid.eval.metrics.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Golden;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.TestLabels;
import org.junit.jupiter.api.Test;

/** Parity with statsmodels and scipy; see golden/comparison and golden/intervals/areas.py. */
class ComparisonGoldenTest {

    private static final JsonNode EXPECTED = Golden.read("comparison/comparison.json");

    @Test
    void pairedDeLongAgreesWithItsDefinition() {
        int compared = 0;
        for (JsonNode expected : Golden.read("intervals/areas.json").get("cases")) {
            if (expected.has("second")) {
                PairedDeLongTest found =
                        PairedDeLongTest.of(labels(expected, "first"), labels(expected, "second"));
                double error = Math.sqrt(expected.get("varianceOfDifference").asDouble());
                double difference = expected.get("difference").asDouble();
                assertThat(found.difference()).isCloseTo(difference, within(1e-12));
                assertThat(found.standardError()).isCloseTo(error, within(1e-9));
                assertThat(found.pValue().getAsDouble())
                        .isCloseTo(expected.get("pValue").asDouble(), within(1e-9));
                assertThat(found.interval().upper())
                        .isCloseTo(difference + 1.959963984540054 * error, within(1e-9));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(4);
    }

    private static ScoredLabels labels(JsonNode node, String scores) {
        return ScoredLabels.ofScores(
                TestLabels.truth(node.get("truth").asText()), Golden.numbers(node.get(scores)));
    }

    @Test
    void mcNemarAgreesWithStatsmodels() {
        for (JsonNode expected : EXPECTED.get("mcnemar")) {
            McNemarTest found =
                    new McNemarTest(
                            expected.get("onlyFirstRight").asInt(),
                            expected.get("onlySecondRight").asInt());
            assertThat(found.exactPValue())
                    .isCloseTo(expected.get("exact").asDouble(), within(1e-9));
            assertThat(found.correctedPValue())
                    .isCloseTo(expected.get("corrected").asDouble(), within(1e-9));
        }
    }

    @Test
    void holmAgreesWithStatsmodels() {
        for (JsonNode expected : EXPECTED.get("holm")) {
            assertThat(HolmCorrection.adjust(Golden.numbers(expected.get("pValues"))))
                    .containsExactly(Golden.numbers(expected.get("adjusted")), within(1e-12));
        }
    }

    @Test
    void summaryOfRunsAgreesWithScipy() {
        for (JsonNode expected : EXPECTED.get("runs")) {
            SeedSummary found = SeedSummary.of(Golden.numbers(expected.get("values")));
            ConfidenceInterval interval = found.meanInterval(0.95).orElseThrow();
            assertThat(found.mean()).isCloseTo(expected.get("mean").asDouble(), within(1e-12));
            assertThat(found.standardDeviation().getAsDouble())
                    .isCloseTo(expected.get("deviation").asDouble(), within(1e-12));
            assertThat(interval.lower()).isCloseTo(expected.get("lower").asDouble(), within(1e-9));
            assertThat(interval.upper()).isCloseTo(expected.get("upper").asDouble(), within(1e-9));
        }
    }
}
