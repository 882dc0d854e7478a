package org.deepcovid.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrongFilesTest {

    private static final Path SQUEEZENET =
            SharedData.path("weights/squeezenet_v1.1_imagenet_keras.h5");

    @TempDir Path folder;

    @Test
    void weightsOfAnotherNetworkAreRefusedWithBothNames() {
        refused("resnet50", SQUEEZENET, "resnet-50", "fire2/squeeze1x1");
        Path resNet18 = SharedData.path("weights/resnet18_random_keras.h5");
        refused(
                "resnet50",
                resNet18,
                "missing: ",
                "misshapen: ",
                "conv2_block1_1_conv/kernel:0 is [3, 3, 64, 64], expected [1, 1, 64, 64]");
    }

    @Test
    void truncatedFilesAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(SQUEEZENET);
        for (int length : new int[] {9, 100, 2000, whole.length / 2, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(whole, length));
            refused("squeezenet", cut, "cut.h5");
        }
    }

    @Test
    void filesOfNoKnownKindAreRefused() throws IOException {
        refusedContent(
                "page.h5", "<!doctype html><html>Not found</html>", "Was the download a web page?");
        refusedContent("empty.h5", "", "(0 bytes) is neither HDF5");
        refusedContent("old.pth", "\u0080\u0002c__main__", "Python pickle");
        refused("squeezenet", folder.resolve("nowhere.h5"), "nowhere.h5 is absent");
        refused("squeezenet", folder, "is not a file");
    }

    private void refusedContent(String name, String content, String text) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        refused("squeezenet", Files.write(folder.resolve(name), bytes), text);
    }

    private static void refused(String network, Path file, String... texts) {
        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> Backbones.load(network, file))
                .withMessageContaining(file.toString())
                .satisfies(e -> assertThat(e).hasMessageContainingAll(texts));
    }

    @Test
    void checksumAndTrainingAreRecorded() {
        String sha256 = FileBytes.read(SQUEEZENET).sha256();
        WeightsFile file = WeightsFile.of(SQUEEZENET).withSha256(sha256.toUpperCase(Locale.ROOT));
        try (Backbone backbone = Backbones.load("squeezenet", file)) {
            assertThat(backbone.origin().sha256()).isEqualTo(sha256);
            assertThat(backbone.origin().trained()).isTrue();
            assertThat(backbone.origin().name()).isEqualTo("squeezenet_v1.1_imagenet_keras.h5");
        }
        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> Backbones.load("squeezenet", file.withSha256("0".repeat(64))))
                .withMessageContaining("has SHA-256 " + sha256 + "; expected 000");
        try (Backbone backbone = Backbones.load("squeezenet", file.untrained())) {
            assertThat(backbone.origin().trained()).isFalse();
        }
    }
}
