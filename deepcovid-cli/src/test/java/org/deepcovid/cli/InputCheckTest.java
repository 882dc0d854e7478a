package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.features.InputCheck;
import org.deepcovid.core.image.Alteration;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.phantoms.PhantomCounts;
import org.deepcovid.phantoms.PhantomDataset;
import org.deepcovid.phantoms.PhantomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A classifier that the bundled network made of phantoms is given other pictures. */
class InputCheckTest extends TerminalTest {

    @TempDir static Path shared;
    private static Path data;
    private static Path file;
    private static String fineTuning;

    @BeforeAll
    static void fineTune() {
        data = shared.resolve("phantoms");
        PhantomDataset.write(
                data,
                Map.of(
                        SplitPart.TRAIN, new PhantomCounts(30, 30, 30),
                        SplitPart.VALIDATION, new PhantomCounts(10, 10, 10),
                        SplitPart.TEST, new PhantomCounts(8, 8, 8)),
                PhantomGenerator.seeded(3).withSize(256, 256));
        file = shared.resolve("phantoms.deepcovid");
        fineTuning =
                new Terminal(shared).succeeds("fine-tune", data, "-o", file, "--epochs", 5).out();
    }

    @Test
    void aDescriptionFromBeforeDistancesWereMeasuredIsRead() {
        try (CovidClassifier classifier = CovidClassifier.load(file)) {
            Map<String, float[]> tensors =
                    new HashMap<>(classifier.inputCheck().orElseThrow().tensors());
            tensors.keySet().remove("alterations/reach");
            assertThat(InputCheck.of(tensors).tensors().get("mean")).isNotEmpty();
        }
    }

    private static List<LabelledImage> test() {
        return XrayDataset.read(data).images().stream()
                .filter(image -> image.part().equals(Optional.of(SplitPart.TEST)))
                .toList();
    }

    @ParameterizedTest
    @FieldSource("org.deepcovid.core.image.Alteration#RECOGNISED")
    void alteredPhantomsAreNamedAndOthersAreNot(Alteration alteration) {
        try (CovidClassifier classifier = CovidClassifier.load(file)) {
            Preprocessing square =
                    new Preprocessing(
                            classifier.spec().inputSize(), classifier.spec().normalization());
            List<Radiograph> phantoms = test().stream().map(LabelledImage::radiograph).toList();
            List<Prediction> altered =
                    phantoms.stream()
                            .map(p -> Radiograph.of(alteration.apply(p.decode(), square, 5)))
                            .map(classifier::predict)
                            .filter(Prediction::isUnlike)
                            .toList();
            assertThat(altered).hasSizeGreaterThan(phantoms.size() * 8 / 10);
            if (alteration.compareTo(Alteration.BORDERED) < 0) {
                assertThat(altered)
                        .filteredOn(p -> p.remarks().get(0).contains(alteration.description()))
                        .hasSizeGreaterThan(phantoms.size() / 3);
            }
            assertThat(phantoms.stream().map(classifier::predict).filter(Prediction::isUnlike))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void otherPicturesAreRefusedOnRequest() throws IOException {
        Random random = new Random(1);
        Path noise = picture("noise", i -> random.nextInt(256) * 0x010101, "");
        Path text = picture("text", i -> 0xFFFFFF, "no focal consolidation is seen");
        Path photograph = picture("colours", i -> i * 1711 & 0xFFFFFF, "");
        Path clean = test().get(0).file();

        Terminal.Run run =
                terminal.exits(
                        0,
                        Terminal.words(
                                "predict %s %s %s %s %s --format csv",
                                file, noise, text, photograph, clean));
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).endsWith(",error,remark,distance,calibration");
        assertThat(lines.subList(1, 4))
                .allMatch(line -> line.contains(",unlike the training images ("))
                .noneMatch(
                        line ->
                                Alteration.RECOGNISED.stream()
                                        .map(Alteration::description)
                                        .anyMatch(line::contains));
        assertThat(lines.get(4)).doesNotContain("unlike").matches(".*,,,0\\.\\d\\d,none");
        assertThat(run.err()).contains("3 of 4 images are unlike the training images");

        Terminal.Run refusing =
                terminal.exits(1, "predict %s %s %s --refuse-unlike", file, noise, clean);
        assertThat(refusing.out().lines().toList().get(1))
                .startsWith("-")
                .contains("(unlike the training images (");
        assertThat(refusing.err()).contains("1 of 2 files got no score");
        output("explain %s %s -o %s", file, noise, folder.resolve("maps"))
                .contains("remark: unlike the training images (");
    }

    private Path picture(String name, IntUnaryOperator rgb, String text) throws IOException {
        BufferedImage picture = new BufferedImage(300, 280, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 300 * 280; i++) {
            picture.setRGB(i % 300, i / 300, rgb.applyAsInt(i));
        }
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font("Serif", Font.PLAIN, 18));
        for (int y = 20; y < 280; y += 22) {
            graphics.drawString(text, 20 + y % 3, y);
        }
        graphics.dispose();
        Path written = folder.resolve(name + ".png");
        ImageIO.write(picture, "png", written.toFile());
        return written;
    }

    @Test
    void evaluationsCountUnlikeImages() throws IOException {
        assertThat(fineTuning).contains("unlike the training images: ");
        output("evaluate %s %s --report %s", file, data, folder.resolve("report"))
                .contains("unlike the training images: ");
        Path scores = folder.resolve("report/scores.csv");
        assertThat(Files.readAllLines(scores).get(0)).endsWith(",remark,distance,calibration");
        assertThat(Files.readAllLines(scores).get(1)).matches(".*,\\d\\.[0-9E-]+,none");
        output("info", file).containsPattern("input check +tells");
        try (CovidClassifier classifier = CovidClassifier.load(file)) {
            assertThat(classifier.score(test()))
                    .filteredOn(ScoredImage::isUnlike)
                    .hasSizeLessThan(2);
        }
    }

    @Test
    void theFileKeepsTheDescriptionAndTheOnnxModelDoesNot() {
        Path again = folder.resolve("again.deepcovid");
        Radiograph image = test().get(0).radiograph();
        try (CovidClassifier classifier = CovidClassifier.load(file)) {
            classifier.save(again);
            try (CovidClassifier copy = CovidClassifier.load(again)) {
                assertThat(copy.predict(image)).isEqualTo(classifier.predict(image));
                assertThat(copy.predict(image).distance()).isPresent();
            }
        }
        assertThat(terminal.succeeds("export %s -o %s", file, folder.resolve("a.onnx")).err())
                .contains("does not tell images unlike the training images");
    }
}
