package org.deepcovid.eval.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probes on plain pixels instead of features. */
class ShortcutAuditTest {

    private static final FeatureExtractor PIXELS =
            FeatureExtractor.of(
                    new Preprocessing(20, Normalization.TORCH), FeatureExtractor.PIXELS);

    @TempDir Path root;

    private ShortcutAudit.Result audit(List<LabelledImage> images, Probe... probes) {
        return ShortcutAudit.seeded(1)
                .with(Set.of(probes))
                .run(PIXELS, LabelSet.COVID, images, (done, total) -> {});
    }

    /** Thirty images of each label, each of its own patient. */
    private List<LabelledImage> images(
            String planted, BiFunction<Label, Integer, Map<String, String>> attributes)
            throws IOException {
        List<LabelledImage> images = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Label label = i % 2 == 0 ? Label.COVID : Label.NON_COVID;
            BufferedImage image = SyntheticRadiographs.draw(Label.NON_COVID, i);
            if (label.equals(Label.COVID)) {
                change(image, 40, 32, 16, 16, sample -> sample + 40); // the disease
                plant(planted, image);
            }
            Path file = root.resolve("%02d.png".formatted(i));
            SyntheticRadiographs.write(file, image);
            int more = planted.equals("bytes") && label.equals(Label.COVID) ? 3000 : 0;
            Files.write(file, new byte[more + 71 * i % 2000], StandardOpenOption.APPEND);
            images.add(
                    new LabelledImage(
                            file.getFileName().toString(),
                            file,
                            label,
                            "patient " + i,
                            Optional.empty(),
                            attributes.apply(label, i)));
        }
        return images;
    }

    private List<LabelledImage> images(String planted) throws IOException {
        return images(planted, (label, i) -> Map.of());
    }

    private static void plant(String what, BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        switch (what) {
            case "upper left corner" -> change(image, 10, 2, 12, 12, sample -> 255 - sample);
            case "upper right corner" ->
                    change(image, width - 22, 2, 12, 12, sample -> 255 - sample);
            case "frame" -> {
                change(image, 0, 0, width, 4, sample -> 255 - sample);
                change(image, 0, height - 4, width, 4, sample -> 255 - sample);
            }
            case "window" -> change(image, 0, 0, width, height, sample -> 60 + sample / 2);
            default -> {}
        }
    }

    private static void change(
            BufferedImage image, int left, int top, int width, int height, IntUnaryOperator grey) {
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                int sample = image.getRaster().getSample(x, y, 0);
                image.getRaster().setSample(x, y, 0, Math.min(255, grey.applyAsInt(sample)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nothing,",
        "upper left corner, CORNERS",
        "frame, BORDER",
        "bytes, FILE_FACTS",
        "window, GREY_LEVELS"
    })
    void namesWhatIsPlanted(String planted, Probe kind) throws IOException {
        ShortcutAudit.Result result = audit(images(planted), Probe.all().toArray(Probe[]::new));

        assertThat(result.findings().stream().map(ShortcutAudit.Finding::kind).findFirst())
                .as(result.toText())
                .isEqualTo(Optional.ofNullable(kind));
        assertThat(result.of(Probe.WHOLE).orElseThrow().area().value()).isGreaterThan(0.9);
        assertThat(result.of(Probe.COARSE).orElseThrow().exceedsLimit()).isFalse(); // no verdict
        assertThat(result.level()).isEqualTo(0.99); // five probes with a verdict, no metadata
        assertThat(result.toText())
                .contains(kind == null ? "No shortcut found" : "Shortcuts found: " + kind.where())
                .contains("fewer than two sources");
        assertThat(result.issues()).hasSameSizeAs(result.findings());
        if (kind != null) {
            assertThat(result.findings().get(0).text())
                    .containsPattern("predicted from .* area of [01]\\.\\d{3} \\[0\\.\\d{3}, ")
                    .contains("(whole image: ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 400 | Too few patients to tell (2 and 400 of the labels): not even one",
                "22 | 22 | only shortcuts with an area of about 0.96 or more are found; about 23"
                        + " of",
                "62 | 402 | No shortcut found by these probes, which find areas of about 0.85 or"
                        + " more"
            })
    void nothingFoundSaysWhatCouldHaveBeen(int positives, int others, String words) {
        assertThat(new AuditPower(positives, others, 0.99).withoutFinding()).contains(words);
    }

    @Test
    void sourcesOfOneLabelEachAreConfounded() throws IOException {
        List<LabelledImage> images =
                images(
                        "nothing",
                        (label, i) -> Map.of("source", label.equals(Label.COVID) ? "A" : "B"));
        ShortcutAudit.Result result = audit(images, Probe.METADATA, Probe.SOURCE);

        ShortcutAudit.Finding finding = result.findings().get(0);
        assertThat(finding.name()).isEqualTo("confounded by source");
        assertThat(finding.text())
                .contains("no source holds both labels", "told apart with an area of")
                .contains("among all images")
                .contains("do not name (age, sex, view, scanner)");
        assertThat(finding.advice()).startsWith("These data cannot tell source from covid");
    }

    @Test
    void sourcesThatHoldBothLabelsAlikeAreNone() throws IOException {
        List<LabelledImage> images =
                images("nothing", (label, i) -> Map.of("source", "" + i / 2 % 2, "age", "" + i));
        ShortcutAudit.Result result = audit(images, Probe.METADATA, Probe.SOURCE, Probe.NEW_SOURCE);

        assertThat(result.findings()).isEmpty();
        assertThat(result.measurements().stream().map(ShortcutAudit.Measurement::words))
                .containsExactly(
                        "the whole image",
                        "the source only (metadata)",
                        "the age only (metadata)",
                        "(source of non images, from the whole image)",
                        "(loss on 0, trained on others)",
                        "(loss on 1, trained on others)");
    }

    /** Without lungs in view, each source has a marker of its own, which no other teaches. */
    @Test
    void whatOnlyOneSourceTeachesIsLostWithoutIt() throws IOException {
        List<LabelledImage> all = new ArrayList<>();
        for (String side : List.of("left", "right")) {
            for (LabelledImage image :
                    images("upper %s corner".formatted(side), (l, i) -> Map.of("source", side))) {
                Path moved = Files.move(image.file(), root.resolve(side + image.id()));
                all.add(
                        new LabelledImage(
                                side + image.id(),
                                moved,
                                image.label(),
                                side + image.patient(),
                                Optional.empty(),
                                image.attributes()));
            }
        }
        FeatureExtractor topOnly =
                FeatureExtractor.of(new Preprocessing(20, Normalization.TORCH), new TopRows());
        ShortcutAudit.Result result =
                ShortcutAudit.seeded(1)
                        .with(Set.of(Probe.NEW_SOURCE))
                        .run(topOnly, LabelSet.COVID, all, (done, total) -> {});

        assertThat(result.findings())
                .hasSize(2)
                .allMatch(finding -> finding.kind() == Probe.NEW_SOURCE)
                .anyMatch(finding -> finding.text().startsWith("Within left the area falls by "));
    }

    /** The first three rows of the image. */
    private static final class TopRows implements FeatureExtractor.Network {
        @Override
        public List<float[]> rows(FloatBuffer images, int count) {
            return FeatureExtractor.PIXELS.rows(images, count).stream()
                    .map(row -> Arrays.copyOf(row, 60))
                    .toList();
        }
    }

    @Test
    void aSinglePatientOfALabelGivesNoVerdict() throws IOException {
        List<LabelledImage> images =
                images("nothing").stream()
                        .filter(
                                image ->
                                        image.label().equals(Label.NON_COVID)
                                                || image.id().startsWith("00"))
                        .toList();

        ShortcutAudit.Result result = audit(images, Probe.BORDER);

        assertThat(result.measurements()).isEmpty();
        assertThat(result.verdict()).contains("fewer than two patients");
    }

    @Test
    void unreadableImagesAreNamed() throws IOException {
        List<LabelledImage> images = images("nothing");
        Files.writeString(images.get(3).file(), "x");

        assertThatThrownBy(() -> audit(images, Probe.BORDER))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("03.png");
    }

    @Test
    void aSampleKeepsPatientsWhole() throws IOException {
        List<LabelledImage> pairs =
                images("nothing").stream()
                        .map(
                                image ->
                                        new LabelledImage(
                                                image.id(),
                                                image.file(),
                                                image.label(),
                                                "patient "
                                                        + Integer.parseInt(
                                                                        image.id().substring(0, 2))
                                                                / 2,
                                                Optional.empty(),
                                                Map.of()))
                        .toList();
        List<ImageFacts> facts = ImageFacts.of(pairs, (image, why) -> {}, (done, total) -> {});

        List<ImageFacts> sample = ShortcutAudit.sample(facts, 21, 1);

        assertThat(sample).hasSize(20).isEqualTo(ShortcutAudit.sample(facts, 21, 1));
        assertThat(sample.stream().map(f -> f.image().patient()).distinct()).hasSize(10);
        assertThat(Stream.of(ShortcutAudit.sample(facts, 60, 1))).containsExactly(facts);
    }
}
