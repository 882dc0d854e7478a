package org.deepcovid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreTrialsTest {

    @Test
    void everyCalibrationIsMeasuredOnEveryKindOfImages(@TempDir Path folder) {
        SyntheticRadiographs.writeParts(folder.resolve("here"), 20, 10, 15, 1);
        SyntheticRadiographs.writeClasses(folder.resolve("there"), 20, 99);
        DatasetSplit split =
                PatientSplitter.seeded(1).split(XrayDataset.read(folder.resolve("here")));
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        try (FineTuned run =
                        CovidClassifier.fineTune(
                                TinyBackbone.random(1),
                                split.fitting(),
                                FineTuneConfig.defaults().withEpochs(20).withLearningRate(0.003));
                PrintStream out = new PrintStream(csv, true, StandardCharsets.UTF_8)) {
            ScoreTrials.run(
                    out, "tiny", run, split, XrayDataset.read(folder.resolve("there")).images());
        }
        List<String> lines = csv.toString(StandardCharsets.UTF_8).lines().toList();

        assertThat(lines)
                .allMatch(line -> line.split(",", -1).length == 8 || line.contains("fold"));
        for (String images : List.of("fitting, out of fold", "test", "elsewhere")) {
            for (String calibration : List.of("none", "temperature", "platt")) {
                String start = "tiny,1,\"%s\",%s,".formatted(images, calibration);
                assertThat(lines)
                        .anyMatch(
                                line ->
                                        line.startsWith(start + "sensitivity,")
                                                || line.startsWith(start + "refused,"));
            }
            assertThat(lines)
                    .anyMatch(
                            line -> line.startsWith("tiny,1,\"%s\",none,slope,".formatted(images)));
        }
        assertThat(lines)
                .anyMatch(line -> line.contains("\"test\",none,coverage at 0.9 of covid,"))
                .anyMatch(line -> line.contains("recalibrated none,lower log loss with 20 images"));
    }
}
