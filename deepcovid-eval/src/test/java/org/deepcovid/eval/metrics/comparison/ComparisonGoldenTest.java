package org.deepcovid.eval.metrics.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.Golden.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import org.deepcovid.eval.metrics.Golden;
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
                        PairedDeLongTest.of(
                                Golden.labels(expected, "first"),
                                Golden.labels(expected, "second"));
                double error = Math.sqrt(expected.get("varianceOfDifference").asDouble());
                double difference = expected.get("difference").asDouble();
                assertThat(found.difference()).isCloseTo(difference, within(1e-12));
                assertThat(found.standardError()).isCloseTo(error, within(1e-9));
                assertClose(found.pValue().getAsDouble(), expected, "pValue", 1e-9);
                assertThat(found.interval().upper())
                        .isCloseTo(difference + 1.959963984540054 * error, within(1e-9));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(4);
    }

    @Test
    void mcNemarAgreesWithStatsmodels() {
        for (JsonNode expected : EXPECTED.get("mcnemar")) {
            McNemarTest found =
                    new McNemarTest(
                            expected.get("onlyFirstRight").asInt(),
                            expected.get("onlySecondRight").asInt());
            assertClose(found.exactPValue(), expected, "exact", 1e-9);
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
    void seedSummaryAgreesWithScipy() {
        for (JsonNode expected : EXPECTED.get("runs")) {
            SeedSummary found = SeedSummary.of(Golden.numbers(expected.get("values")));
            assertClose(found.mean(), expected, "mean", 1e-12);
            assertClose(found.standardDeviation().getAsDouble(), expected, "deviation", 1e-12);
        }
    }
}
