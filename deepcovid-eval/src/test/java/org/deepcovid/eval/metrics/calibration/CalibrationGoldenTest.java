package org.deepcovid.eval.metrics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.deepcovid.eval.metrics.Golden;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.TestLabels;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parity with scikit-learn, statsmodels and scipy; see golden/calibration/calibration.py. */
class CalibrationGoldenTest {

    static Stream<Named<JsonNode>> cases() {
        return Golden.list(Golden.read("calibration/calibration.json").get("cases")).stream()
                .map(node -> Named.of(node.get("name").asText(), node));
    }

    private static ScoredLabels labels(JsonNode node) {
        return ScoredLabels.ofProbabilities(
                TestLabels.truth(node.get("truth").asText()), Golden.numbers(node.get("scores")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void binsAndErrorsAgree(JsonNode expected) {
        ScoredLabels labels = labels(expected);
        ReliabilityDiagram diagram =
                ReliabilityDiagram.of(labels, ReliabilityDiagram.Binning.EQUAL_WIDTH, 10);

        assertThat(numbers(diagram.bins(), bin -> bin.observed().estimate()))
                .containsExactly(Golden.numbers(expected.get("observed")), within(1e-12));
        assertThat(numbers(diagram.bins(), ReliabilityDiagram.Bin::meanScore))
                .containsExactly(Golden.numbers(expected.get("predicted")), within(1e-12));
        assertThat(diagram.expectedCalibrationError())
                .isCloseTo(expected.get("expectedErrorEqualWidth").asDouble(), within(1e-12));
        assertThat(
                        ReliabilityDiagram.of(labels, ReliabilityDiagram.Binning.EQUAL_MASS, 7)
                                .expectedCalibrationError())
                .isCloseTo(expected.get("expectedErrorEqualMass").asDouble(), within(1e-12));
        assertThat(BrierScore.score(labels))
                .isCloseTo(expected.get("brier").asDouble(), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void histogramAndAveragesAgree(JsonNode expected) {
        ScoredLabels labels = labels(expected);
        List<ScoreHistogram.Bin> bins = ScoreHistogram.of(labels).bins();
        ClassAverages averages = ClassAverages.of(labels);

        assertThat(numbers(bins, ScoreHistogram.Bin::positives))
                .containsExactly(Golden.numbers(expected.get("positiveHistogram")));
        assertThat(numbers(bins, ScoreHistogram.Bin::negatives))
                .containsExactly(Golden.numbers(expected.get("negativeHistogram")));
        assertThat(averages.ofPositives().getAsDouble())
                .isCloseTo(expected.get("meanOfPositives").asDouble(), within(1e-12));
        assertThat(averages.ofNegatives().getAsDouble())
                .isCloseTo(expected.get("meanOfNegatives").asDouble(), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lineAgreesWithStatsmodels(JsonNode expected) {
        CalibrationLine line = CalibrationLine.fit(labels(expected)).orElseThrow();

        assertCoefficient(line.slope(), expected, "slope");
        assertCoefficient(line.intercept(), expected, "intercept");
        assertCoefficient(line.calibrationInTheLarge(), expected, "inTheLarge");
    }

    private static void assertCoefficient(
            CalibrationLine.Coefficient found, JsonNode expected, String name) {
        double estimate = expected.get(name).asDouble();
        double error = expected.get(name + "Error").asDouble();
        assertThat(found.estimate()).isCloseTo(estimate, within(1e-9));
        assertThat(found.standardError()).isCloseTo(error, within(1e-9));
        assertThat(found.interval().lower())
                .isCloseTo(estimate - 1.959963984540054 * error, within(1e-8));
        assertThat(found.interval().upper())
                .isCloseTo(estimate + 1.959963984540054 * error, within(1e-8));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void calibratorsAgreeWithScipy(JsonNode expected) {
        ScoreCalibrator.TemperatureScaling temperature =
                ScoreCalibrator.temperatureScaling(labels(expected)).orElseThrow();
        ScoreCalibrator.PlattScaling platt = ScoreCalibrator.plattScaling(labels(expected));

        // scipy stops at about the square root of its precision.
        assertThat(temperature.temperature())
                .isCloseTo(expected.get("temperature").asDouble(), within(1e-6));
        assertThat(platt.slope()).isCloseTo(expected.get("plattSlope").asDouble(), within(1e-8));
        assertThat(platt.intercept())
                .isCloseTo(expected.get("plattIntercept").asDouble(), within(1e-8));
    }

    private static <T> double[] numbers(List<T> items, ToDoubleFunction<T> value) {
        return items.stream().mapToDouble(value).toArray();
    }
}
