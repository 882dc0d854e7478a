package org.deepcovid.eval.metrics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.Golden.assertClose;
import static org.deepcovid.eval.metrics.calibration.ReliabilityDiagram.Binning.EQUAL_MASS;
import static org.deepcovid.eval.metrics.calibration.ReliabilityDiagram.Binning.EQUAL_WIDTH;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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
        return Golden.cases("calibration/calibration.json");
    }

    private static ScoredLabels labels(JsonNode node) {
        return ScoredLabels.ofProbabilities(
                TestLabels.truth(node.get("truth").asText()), Golden.numbers(node.get("scores")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void binsAndErrorsAgree(JsonNode expected) {
        ScoredLabels labels = labels(expected);
        ReliabilityDiagram diagram = ReliabilityDiagram.of(labels, EQUAL_WIDTH, 10);

        assertClose(diagram.bins(), bin -> bin.observed().estimate(), expected, "observed");
        assertClose(diagram.bins(), ReliabilityDiagram.Bin::meanScore, expected, "predicted");
        assertClose(diagram.expectedCalibrationError(), expected, "expectedErrorEqualWidth", 1e-12);
        assertClose(
                ReliabilityDiagram.of(labels, EQUAL_MASS, 7).expectedCalibrationError(),
                expected,
                "expectedErrorEqualMass",
                1e-12);
        assertClose(BrierScore.score(labels), expected, "brier", 1e-12);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void histogramAndAveragesAgree(JsonNode expected) {
        ScoredLabels labels = labels(expected);
        List<ScoreHistogram.Bin> bins = ScoreHistogram.of(labels).bins();
        ClassAverages averages = ClassAverages.of(labels);

        assertClose(bins, ScoreHistogram.Bin::positives, expected, "positiveHistogram");
        assertClose(bins, ScoreHistogram.Bin::negatives, expected, "negativeHistogram");
        assertClose(averages.ofPositives().getAsDouble(), expected, "meanOfPositives", 1e-12);
        assertClose(averages.ofNegatives().getAsDouble(), expected, "meanOfNegatives", 1e-12);
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
        assertClose(found.estimate(), expected, name, 1e-9);
        assertClose(found.standardError(), expected, name + "Error", 1e-9);
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
        assertClose(temperature.temperature(), expected, "temperature", 1e-6);
        assertClose(platt.slope(), expected, "plattSlope", 1e-8);
        assertClose(platt.intercept(), expected, "plattIntercept", 1e-8);
    }
}
