package org.deepcovid.core.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFingerprintTest {

    @TempDir Path folder;

    private LabelledImage image(String id, Label label, String content) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "image", ""), content);
        return new LabelledImage(id, file, label, "p" + id, Optional.empty(), Map.of());
    }

    @Test
    void isChecksumOverSortedLines() throws IOException {
        // printf 'a\0covid\0%s\nb\0non\0%s\n' $(printf x | sha256sum | cut -c-64) \
        //     $(printf y | sha256sum | cut -c-64) | sha256sum
        DataFingerprint fingerprint =
                DataFingerprint.of(
                        LabelSet.COVID,
                        List.of(image("b", Label.NON_COVID, "y"), image("a", Label.COVID, "x")));

        assertThat(fingerprint)
                .isEqualTo(
                        new DataFingerprint(
                                "d358cfab248c8a3361fe1d0d936f8cf4b8b31ee6f91dad3f4af5bf9117e3da9c",
                                Map.of("non", 1, "covid", 1),
                                2));
        assertThat(fingerprint.images()).isEqualTo(2);
        assertThat(fingerprint.count(Label.COVID)).isEqualTo(1);
        assertThat(fingerprint.imagesByLabel().keySet()).containsExactly("non", "covid");
    }

    @Test
    void dependsOnIdLabelAndContentButNotOnOrderOrPlace() throws IOException {
        LabelledImage other = image("b", Label.NON_COVID, "y");
        DataFingerprint fingerprint =
                DataFingerprint.of(LabelSet.COVID, List.of(image("a", Label.COVID, "x"), other));

        assertThat(DataFingerprint.of(LabelSet.COVID, List.of(other, image("a", Label.COVID, "x"))))
                .isEqualTo(fingerprint);
        for (LabelledImage changed :
                List.of(
                        image("c", Label.COVID, "x"),
                        image("a", Label.NON_COVID, "x"),
                        image("a", Label.COVID, "z"))) {
            assertThat(DataFingerprint.of(LabelSet.COVID, List.of(changed, other)).sha256())
                    .isNotEqualTo(fingerprint.sha256());
        }
    }

    @Test
    void namesMissingFile() throws IOException {
        LabelledImage image = image("a", Label.COVID, "x");
        Files.delete(image.file());

        assertFails(
                UncheckedIOException.class,
                () -> DataFingerprint.of(LabelSet.COVID, List.of(image)),
                image.file().toString());
    }

    @Test
    void refusesImpossibleValues() {
        assertRejects(() -> new DataFingerprint("abc", Map.of(), 0), "sha256 is 'abc'");
        assertRejects(
                () -> new DataFingerprint("0".repeat(64), Map.of("covid", 1), 2),
                "{covid=1} images and 2 patients");
    }
}
