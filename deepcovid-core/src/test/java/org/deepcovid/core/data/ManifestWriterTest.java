package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.deepcovid.core.data.TextDataset.problems;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.assertj.core.groups.Tuple;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of {@link ManifestWriter} and {@link PatientNames}. */
class ManifestWriterTest {

    @TempDir Path root;

    @Test
    void writtenSplitIsReadAgain() throws IOException {
        SyntheticRadiographs.writeClasses(root.resolve("images"), 8, 1);
        XrayDataset dataset =
                new PatientNames(Pattern.compile("(\\d+)\\.png"))
                        .applyTo(XrayDataset.read(root.resolve("images")));
        DatasetSplit split = PatientSplitter.seeded(1).split(dataset);
        Path manifest = Files.createDirectory(root.resolve("lists")).resolve("manifest.csv");

        assertThat(ManifestWriter.write(split, manifest, IfExists.FAIL))
                .startsWith("file", "label", "patient", "split");

        assertThat(Files.readAllLines(manifest)).anyMatch(line -> line.startsWith("../images/"));
        List<LabelledImage> read = XrayDataset.read(manifest).images();
        split.byPart()
                .forEach(
                        (part, images) ->
                                assertThat(read)
                                        .filteredOn(image -> image.part().equals(Optional.of(part)))
                                        .extracting(
                                                image -> real(image.file()),
                                                LabelledImage::label,
                                                LabelledImage::patient)
                                        .containsExactlyInAnyOrderElementsOf(rows(images)));
    }

    private static List<Tuple> rows(List<LabelledImage> images) {
        return images.stream()
                .map(image -> tuple(real(image.file()), image.label(), image.patient()))
                .toList();
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void patternSetsOnlyUnknownPatients() throws IOException {
        LabelledImage unknown = image("P7_a.png", "P7_a.png");
        LabelledImage known = image("b.png", "someone");
        PatientNames names = new PatientNames(Pattern.compile("^(P\\d+)_"));

        assertThat(names.applyTo(new XrayDataset(root, List.of(unknown, known))).images())
                .extracting(LabelledImage::patient)
                .containsExactly("P7", "someone");
        assertThat(
                        problems(
                                () ->
                                        names.applyTo(
                                                new XrayDataset(
                                                        root, List.of(image("c.png", "c.png"))))))
                .containsExactly("c.png does not match");
        assertRejects(
                () -> new PatientNames(Pattern.compile("P\\d+")), "pattern 'P\\d+' has no group");
    }

    private LabelledImage image(String id, String patient) {
        return new LabelledImage(
                id, root.resolve(id), Label.COVID, patient, Optional.empty(), Map.of());
    }
}
