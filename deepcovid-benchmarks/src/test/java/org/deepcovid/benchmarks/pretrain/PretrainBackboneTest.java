package org.deepcovid.benchmarks.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PretrainBackboneTest {

    private static final String[] TINY = {"--stages", "64x3", "--batch", "4", "--phantoms", "1"};

    @TempDir Path folder;

    private static int run(Object... args) {
        String[] words = new String[args.length + TINY.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        System.arraycopy(TINY, 0, words, args.length, TINY.length);
        return new CommandLine(new PretrainBackbone()).execute(words);
    }

    @Test
    void writesWeightsThatSayHowTheyWereMadeOfTheTrainingPartAlone() throws IOException {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 8, 2, 2, 1);
        Path output = folder.resolve("weights.safetensors");

        assertThat(run(data, output, "--hold-out", "0.25")).isZero();

        try (SafetensorsReader reader = SafetensorsReader.open(output);
                Backbone backbone = Backbones.load("squeezenet", output)) {
            assertThat(backbone.origin().trained()).isTrue();
            assertThat(reader.metadata())
                    .containsEntry("deepcovid.seed", "1")
                    .containsEntry("license", "Apache-2.0");
            assertThat(reader.metadata().get("deepcovid.data"))
                    .contains("imagesByLabel={non=6, covid=6}");
            assertThat(reader.metadata().get("deepcovid.command")).contains("--stages 64x3");
        }
        assertThat(Files.exists(folder.resolve("weights.safetensors.checkpoint"))).isFalse();
        assertThat(run(data, output)).as("an existing file is kept").isNotZero();
    }

    @Test
    void dataWithoutAMarkedTrainingPartAreRefused() {
        Path data = SyntheticRadiographs.writeClasses(folder.resolve("data"), 3, 1);
        Path output = folder.resolve("weights.safetensors");
        assertThat(run(data, output)).isNotZero();
        assertThat(output).doesNotExist();
    }
}
