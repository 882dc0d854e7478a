package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SharedData;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleMainsTest {

    @TempDir Path folder;
    private Path data;
    private Path output;

    @BeforeEach
    void drawImages() {
        data = SyntheticRadiographs.writeParts(folder.resolve("data"), 8, 4, 5, 1);
        output = folder.resolve("out.deepcovid");
    }

    private static FineTuneCommand tiny() {
        return new FineTuneCommand("tiny network", weights -> TinyBackbone.random(1));
    }

    @Test
    void fineTunesEvaluatesSavesAndPredicts() {
        ConsoleRun tuned = ConsoleRun.of(tiny(), data, "no-weights", output, "--epochs", 5);
        assertThat(tuned.code()).as(tuned.text()).isZero();
        assertThat(tuned.text())
                .contains("CpuBackend with oneDNN helpers")
                .contains("fitted on 16 images (8 covid), validated on 8 (4)")
                .contains("tested on 10 images (5 covid)")
                .contains("RANDOM")
                .contains("area under the ROC curve")
                .containsPattern(
                        "sensitivity +\\d\\.\\d{4} +\\[\\d\\.\\d{4}, \\d\\.\\d{4}\\] \\d/5")
                .contains("Not a diagnostic device");

        Path image = data.resolve("test/covid/000.png");
        ConsoleRun predicted = ConsoleRun.of(new PredictOneImage(), output, image);
        assertThat(predicted.code()).as(predicted.text()).isZero();
        assertThat(predicted.text())
                .contains(image.toString())
                .containsPattern("score for COVID +\\d\\.\\d{4}")
                .containsPattern("called +(covid|non)")
                .contains("not a diagnostic device");
    }

    @Test
    void refusesToReplaceAFileBeforeAnyWorkIsDone() throws IOException {
        Files.writeString(output, "precious");

        ConsoleRun run = ConsoleRun.of(tiny(), data, "no-weights", output);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.text())
                .contains("exists; choose another name")
                .doesNotContain("features", "\tat ");
        assertThat(output).hasContent("precious");
        assertThat(ConsoleRun.of(tiny(), data, "w", output, "--epochs", 1, "--replace").code())
                .isZero();
    }

    @Test
    void tellsInOneMessageWhatIsWrongWithTheInput() throws IOException {
        assertRefused(folder.resolve("missing"), "missing");

        Path text = data.resolve("train/covid/note.png");
        Files.writeString(text, "not an image");
        assertRefused(data, "train/covid/note.png");
        Files.delete(text);

        for (Path file : files(data.resolve("train/non"))) {
            Files.delete(file);
        }
        assertRefused(data, "train/non");
        assertThat(output).doesNotExist();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private void assertRefused(Path dataset, String named) {
        ConsoleRun run = ConsoleRun.of(tiny(), dataset, "no-weights", output, "--epochs", 1);
        assertThat(run.code()).as(run.text()).isEqualTo(1);
        assertThat(run.text()).contains("error: ").contains(named).doesNotContain("\tat ");
    }

    @Test
    void tellsWhatIsWrongWithTheWeights() throws IOException {
        Path resNet = SharedData.path("weights/resnet50_imagenet_keras.h5");
        FineTuneCommand squeezeNet =
                new FineTuneCommand("SqueezeNet", file -> Backbones.load("squeezenet", file));

        ConsoleRun other = ConsoleRun.of(squeezeNet, data, resNet, output);
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.text())
                .contains("error: ")
                .contains(resNet.toString())
                .doesNotContain("\tat ");

        Path cut = folder.resolve("cut.h5");
        byte[] bytes =
                Files.readAllBytes(SharedData.path("weights/squeezenet_v1.1_imagenet_keras.h5"));
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        ConsoleRun truncated = ConsoleRun.of(squeezeNet, data, cut, output);
        assertThat(truncated.code()).isEqualTo(1);
        assertThat(truncated.text()).contains("error: ").contains(cut.toString());

        ConsoleRun missing =
                ConsoleRun.of(
                        new FineTuneCommand("ResNet-50", file -> Backbones.load("resnet50", file)),
                        data,
                        folder.resolve("none.h5"),
                        output);
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.text()).contains("error: ").contains("none.h5");
        assertThat(output).doesNotExist();
    }

    @Test
    void explainsItsArguments() {
        assertThat(ConsoleRun.of(tiny(), "--help").text())
                .contains("DATA", "WEIGHTS", "OUTPUT", "--seed");
        ConsoleRun wrong = ConsoleRun.of(new PredictOneImage());
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.text()).contains("Missing required parameters");
    }

    @Test
    void tellsThatAFileIsNoClassifier() throws IOException {
        Path text = Files.writeString(folder.resolve("x.deepcovid"), "hello");
        ConsoleRun run =
                ConsoleRun.of(new PredictOneImage(), text, data.resolve("test/covid/000.png"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.text()).contains("error: " + text + ": not a saved classifier");
    }
}
