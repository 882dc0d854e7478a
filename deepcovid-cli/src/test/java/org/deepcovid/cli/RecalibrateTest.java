package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.ScoreCalibration;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calibration, reviews, sets of labels and recalibration, from fine-tuning to scores. */
class RecalibrateTest {

    @TempDir Path folder;
    private Terminal terminal;

    @BeforeEach
    void start() {
        terminal = new Terminal(folder);
    }

    @Test
    void scoresSayHowTheyAreCalibratedAndUsed() throws IOException {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 8, 4, 5, 1);
        Path output = folder.resolve("my.deepcovid");
        Path report = folder.resolve("report");
        String made =
                terminal.succeeds(
                                "fine-tune %s -o %s --epochs 60 --learning-rate 0.01 --copies 1"
                                        + " --calibrate platt --review share:0.5 --report %s",
                                data, output, report)
                        .out();
        assertThat(made)
                .contains("scores    calibrated: Platt scaling", "review    ", "For review: ")
                .contains("Area under the risk-coverage curve");
        try (CovidClassifier classifier = CovidClassifier.load(output)) {
            Decisions decisions = classifier.decisions();
            assertThat(decisions.calibration().orElseThrow().method())
                    .isEqualTo(ScoreCalibration.Method.PLATT);
            assertThat(decisions.threshold().orElseThrow().review()).isPresent();
        }
        assertThat(report.resolve("report.html"))
                .content()
                .contains("The scores are calibrated: Platt scaling", "Sets of labels of the test");
        JsonNode network =
                new ObjectMapper()
                        .readTree(report.resolve("report.json").toFile())
                        .get("networks")
                        .get(0);
        assertThat(network.get("scores").get("calibration").asText()).isEqualTo("platt");
        assertThat(network.get("labelSets").get("groups")).isNotEmpty();
        assertThat(network.get("riskCoverage").get("area").isNumber()).isTrue();
        assertThat(terminal.succeeds("info", output).out()).contains("scores         calibrated");

        Terminal.Run scored =
                terminal.succeeds(
                        "predict %s %s --confidence 0.8 --format csv",
                        output, data.resolve("test"));
        assertThat(scored.err()).contains("scores are calibrated: Platt scaling");
        assertThat(scored.out().lines().findFirst().orElseThrow()).endsWith(",calibration,labels");
        assertThat(scored.out()).contains(",review,", ",platt,");
        assertThat(terminal.exits(2, "predict %s %s --confidence 1", output, data).err())
                .contains("--confidence is 1.0; expected more than 0 and less than 1");
    }

    @Test
    void aClassifierIsRecalibratedForAnotherSource() {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 6, 4, 0, 1);
        Path there = SyntheticRadiographs.writeParts(folder.resolve("there"), 6, 0, 4, 99);
        Path first = Terminal.saveClassifier(data, folder.resolve("first.deepcovid"), 1);
        Path output = folder.resolve("there.deepcovid");

        Terminal.Run run =
                terminal.succeeds(
                        "recalibrate %s %s --part train -o %s --calibrate none",
                        first, there, output);
        assertThat(run.out())
                .contains("on the sample, 95 % intervals", "sensitivity", "cross-validation in")
                .contains("! Small sample", "classifier saved to " + output);
        assertThat(terminal.exits(3, "evaluate %s %s --part train", output, there).err())
                .contains("was in a sample of recalibrate");
        assertThat(
                        terminal.succeeds("evaluate %s %s --confidence 0.5", output, there)
                                .out()
                                .replaceAll("\\s+", " "))
                .contains("tested on 8 images", "12 images of a new source, 6 of them covid")
                .contains("sets of labels at a confidence of 0.5");
        assertThat(terminal.exits(3, "predict %s %s --confidence 0.9", first, there).err())
                .contains("--confidence: the classifier has no out-of-fold scores");
    }
}
