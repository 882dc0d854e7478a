package org.deepcovid.benchmarks.heatmaps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.CapturedOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckHeatmapsTest {

    @TempDir Path folder;

    private CapturedOutput<Integer> run(CheckHeatmaps check, String line, String... more)
            throws IOException {
        Path weights = folder.resolve("bundled.safetensors");
        try (Backbone bundled = Backbones.bundled()) {
            Backbones.writeSafetensors(bundled, weights);
        }
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.addAll(List.of(more));
        words.addAll(List.of(weights.toString(), folder.resolve("phantoms").toString()));
        return CapturedOutput.of(
                () -> new CommandLine(check).execute(words.toArray(String[]::new)));
    }

    @Test
    void triesEveryQuickMethodOnUnseenPhantoms() throws IOException {
        CheckHeatmaps check = new CheckHeatmaps();
        CapturedOutput<Integer> run =
                run(check, "--train=8 --test=2 --epochs=2 --randomised=2 --quick");

        assertThat(run.result()).as(run.text()).isZero();
        assertThat(run.text())
                .contains("2 positives explained")
                .containsPattern("opacities cover \\d+\\.\\d % of the images")
                .containsPattern("\\| CAM \\| [01]\\.\\d{3} \\(")
                .containsPattern("\\| CAM, smoothed 1 \\| [01]\\.\\d{3} \\(")
                .containsPattern("\\| HiResCAM at fire4 \\| 2 \\| [01]\\.\\d{3} \\(")
                .contains("into other phantoms' opacities");
        assertThat(run.text().lines().filter(line -> line.startsWith("| ")).count())
                .as("a head, a rule and a row a method, for the trained and the randomised")
                .isEqualTo(2L * (check.trials().size() + 2));
    }

    @Test
    void triesTheRequestedMethodOnANetworkWithTrainedLayers() throws IOException {
        CheckHeatmaps check = new CheckHeatmaps();
        CapturedOutput<Integer> run =
                run(
                        check,
                        "--train=8 --test=2 --epochs=1 --randomised=2 --learning-rate=1e-4"
                                + " --layer=fire4 --train-from=fire4.squeeze",
                        "--only=Occlusion by 32-pixel squares, mean");

        assertThat(run.result()).as(run.text()).isZero();
        assertThat(check.trials()).hasSize(1);
        HeatmapTrial occlusion = check.trials().get(0);
        assertThat(occlusion.row()).startsWith("| Occlusion by 32-pixel squares, mean, logit | ");
        assertThat(occlusion.randomisedRow())
                .as("slow methods try one randomised network")
                .startsWith("| Occlusion by 32-pixel squares, mean, logit | 1 | ");
        assertThat(occlusion.pointing().estimate()).isBetween(0.0, 1.0);
        assertThat(occlusion.randomisedPointing().getCount()).isEqualTo(1);
    }
}
