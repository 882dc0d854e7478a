package org.deepcovid.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.models.SqueezeNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckHeatmapsTest {

    @TempDir Path folder;

    private static String output(CheckHeatmaps check, Object... args) {
        PrintStream console = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            String[] words = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
            assertThat(Console.execute(check, words)).isZero();
        } finally {
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void asksEveryQuickMethodAboutUnseenPhantoms() throws IOException {
        Path weights = folder.resolve("bundled.safetensors");
        try (Backbone bundled = SqueezeNet.bundled()) {
            Backbones.writeSafetensors(bundled, weights);
        }
        CheckHeatmaps check = new CheckHeatmaps();
        String text =
                output(
                        check,
                        weights,
                        folder.resolve("phantoms"),
                        "--train",
                        8,
                        "--test",
                        2,
                        "--epochs",
                        2,
                        "--randomised",
                        2,
                        "--quick");

        assertThat(text)
                .contains("2 positives explained")
                .containsPattern("opacities cover \\d+\\.\\d % of the images")
                .containsPattern("\\| CAM \\| [01]\\.\\d{3} \\(")
                .containsPattern("\\| CAM, smoothed 1 \\| [01]\\.\\d{3} \\(")
                .containsPattern("\\| HiResCAM at fire4 \\| 2 \\| [01]\\.\\d{3} \\(")
                .contains("into other phantoms' opacities");
        assertThat(text.lines().filter(line -> line.startsWith("| ")).count())
                .as("a head, a rule and a row a method, for the trained and the randomised")
                .isEqualTo(2L * (check.trials().size() + 2));
    }

    @Test
    void triesOnlyTheMethodsAskedForOnANetworkWithTrainedLayers() throws IOException {
        Path weights = folder.resolve("bundled.safetensors");
        try (Backbone bundled = SqueezeNet.bundled()) {
            Backbones.writeSafetensors(bundled, weights);
        }
        CheckHeatmaps check = new CheckHeatmaps();
        output(
                check,
                weights,
                folder.resolve("phantoms"),
                "--train=8",
                "--test=2",
                "--epochs=1",
                "--randomised=2",
                "--learning-rate=1e-4",
                "--layer=fire4",
                "--train-from=fire4.squeeze",
                "--only=Occlusion 32/16 mean");

        assertThat(check.trials()).hasSize(1);
        HeatmapTrial occlusion = check.trials().get(0);
        assertThat(occlusion.row()).startsWith("| Occlusion 32/16 mean, logit | ");
        assertThat(occlusion.randomisedRow())
                .as("slow methods try one randomised network")
                .startsWith("| Occlusion 32/16 mean, logit | 1 | ");
        assertThat(occlusion.pointing().estimate()).isBetween(0.0, 1.0);
        assertThat(occlusion.randomisedPointing().getCount()).isEqualTo(1);
    }
}
