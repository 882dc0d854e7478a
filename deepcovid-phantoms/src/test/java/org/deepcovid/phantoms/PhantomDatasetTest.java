package org.deepcovid.phantoms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.io.FileHashes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhantomDatasetTest {

    private static final Map<SplitPart, PhantomCounts> COUNTS =
            Map.of(
                    SplitPart.TRAIN, new PhantomCounts(3, 2, 1),
                    SplitPart.VALIDATION, new PhantomCounts(1, 1, 1),
                    SplitPart.TEST, new PhantomCounts(2, 1, 0));

    @TempDir static Path folder;

    private static PhantomDataset dataset;

    @BeforeAll
    static void write() {
        dataset = write(folder.resolve("phantoms"));
    }

    private static PhantomDataset write(Path root) {
        return PhantomDataset.write(root, COUNTS, PhantomGenerator.seeded(4).withSize(160, 140));
    }

    private static long count(SplitPart part, String disease) {
        return dataset.images().images().stream()
                .filter(image -> image.part().orElseThrow() == part)
                .filter(image -> image.attributes().get("finding").equals(disease))
                .count();
    }

    @Test
    void writesTheRequestedCounts() {
        assertThat(count(SplitPart.TRAIN, "COVID-19")).isEqualTo(3);
        assertThat(count(SplitPart.TRAIN, "No Finding")).isEqualTo(2);
        assertThat(count(SplitPart.TRAIN, "Pneumonia")).isEqualTo(1);
        assertThat(count(SplitPart.VALIDATION, "Pneumonia")).isEqualTo(1);
        assertThat(count(SplitPart.TEST, "Pneumonia")).isZero();
        assertThat(dataset.images().images()).hasSize(12);
        assertThat(dataset.images().count(Label.COVID)).isEqualTo(6);
    }

    @Test
    void isReadAsFoldersAndAsManifestAlike() {
        XrayDataset folders = XrayDataset.readFolders(dataset.root());
        assertThat(folders.images())
                .extracting(LabelledImage::id)
                .isEqualTo(dataset.images().images().stream().map(LabelledImage::id).toList());
        assertThat(XrayDataset.read(dataset.root())).isEqualTo(dataset.images());
        assertThat(dataset.images().patientsKnown()).isTrue();
        assertThat(PatientSplitter.seeded(1).split(dataset.images()).test()).hasSize(3);
    }

    @Test
    void keepsMasksOfEveryImageBesideTheImages() {
        for (LabelledImage image : dataset.images().images()) {
            boolean clear = image.attributes().get("finding").equals("No Finding");
            assertThat(dataset.opacities(image).area() == 0).isEqualTo(clear);
            assertThat(dataset.lungs(image).area()).isPositive();
            assertThat(dataset.lungs(image).width()).isEqualTo(160);
            assertThat(dataset.lungs(image).height())
                    .isEqualTo(ImageDecoder.decode(image.file()).height());
        }
    }

    @Test
    void saysInEveryFileThatItIsSynthetic() throws IOException {
        for (LabelledImage image : dataset.images().images()) {
            byte[] bytes = Files.readAllBytes(image.file());
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                    .contains("tEXtDescription\0Synthetic phantom");
            assertThat(image.attributes()).containsEntry("source", "synthetic");
        }
    }

    @Test
    void writesTheSameBytesForTheSameSeed() throws IOException {
        Path again = folder.resolve("again");
        write(again);
        assertThat(hashes(again)).isEqualTo(hashes(dataset.root())).hasSize(13);
        assertThat(hashes(folder.resolve("again-masks")))
                .isEqualTo(hashes(folder.resolve("phantoms-masks")))
                .hasSize(24);
    }

    private static Map<String, String> hashes(Path root) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(root.relativize(file).toString(), FileHashes.sha256(file));
            }
        }
        return hashes;
    }

    @Test
    void refusesAFolderThatHoldsSomething() {
        assertThatThrownBy(() -> write(dataset.root()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(dataset.root() + " is not empty");
        assertThatThrownBy(() -> new PhantomCounts(1, -1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 normal");
    }

    @Test
    void drawsThePartsOfThePlainCall() {
        PhantomCounts one = new PhantomCounts(1, 1, 0);
        PhantomDataset plain = PhantomDataset.write(folder.resolve("plain"), one, one, one, 8);
        assertThat(plain.images().images()).hasSize(6);
        assertThat(PhantomDataset.open(plain.root())).isEqualTo(plain);
    }

    @Test
    void anInterruptedThreadDrawsNoFurther(@TempDir Path empty) {
        PhantomCounts some = new PhantomCounts(4, 2, 2);
        Path root = empty.resolve("phantoms");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> PhantomDataset.write(root, some, some, some, 1))
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("interrupted while drawing phantoms");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(root.resolve("manifest.csv")).doesNotExist();
    }
}
