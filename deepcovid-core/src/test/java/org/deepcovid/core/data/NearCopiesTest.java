package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.Thumbnail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NearCopiesTest {

    @TempDir private Path folder;

    private static final int IMAGES = 60;

    private record Crop(double left, double top, double right, double bottom) {

        static final Crop NONE = new Crop(0, 0, 0, 0);
    }

    /** Smooth random shapes, each drawn for coordinates from 0 to 1. */
    private record Scene(List<Blob> blobs) {

        record Blob(double x, double y, double radius, double level) {}

        static Scene of(int seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Blob> blobs = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                blobs.add(
                        new Blob(
                                random.nextDouble(),
                                random.nextDouble(),
                                random.nextDouble(0.02, i < 8 ? 0.4 : 0.08),
                                random.nextDouble(-60, 60)));
            }
            return new Scene(blobs);
        }

        RasterImage draw(int width, int height, Crop crop, DoubleUnaryOperator tone) {
            byte[] samples = new byte[width * height];
            for (int i = 0; i < samples.length; i++) {
                int row = i / width;
                double x =
                        crop.left() + (i % width + 0.5) / width * (1 - crop.left() - crop.right());
                double y = crop.top() + (row + 0.5) / height * (1 - crop.top() - crop.bottom());
                double level = 128;
                for (Blob blob : blobs) {
                    double distance = Math.hypot(x - blob.x(), y - blob.y()) / blob.radius();
                    level += blob.level() * Math.exp(-distance * distance);
                }
                samples[i] = (byte) Math.max(0, Math.min(255, tone.applyAsDouble(level)));
            }
            return RasterImage.of(width, height, 1, samples);
        }
    }

    private static RasterImage scene(int seed) {
        return Scene.of(seed).draw(160, 128, Crop.NONE, level -> level);
    }

    private static List<Thumbnail> scenes(int from) {
        return IntStream.range(from, from + IMAGES)
                .mapToObj(seed -> Thumbnail.of(scene(seed)))
                .toList();
    }

    @Test
    void aCopyIsFoundWhateverItsSizeEdgesAndTone() {
        SplittableRandom random = new SplittableRandom(7);
        List<Thumbnail> images = new ArrayList<>(scenes(0));
        for (int seed = 0; seed < IMAGES; seed++) {
            Crop crop =
                    new Crop(
                            random.nextDouble(0.06),
                            random.nextDouble(0.06),
                            random.nextDouble(0.06),
                            random.nextDouble(0.06));
            double contrast = random.nextDouble(0.7, 1.2);
            double brightness = random.nextDouble(-30, 30);
            images.add(
                    Thumbnail.of(
                            Scene.of(seed)
                                    .draw(
                                            90 + seed,
                                            150,
                                            crop,
                                            level -> level * contrast + brightness)));
        }
        assertThat(NearCopies.among(images))
                .containsExactlyElementsOf(
                        IntStream.range(0, IMAGES)
                                .mapToObj(i -> new NearCopies.Pair(i, i + IMAGES))
                                .toList());
    }

    @Test
    void otherImagesAreNoCopies() {
        assertThat(NearCopies.among(scenes(1000))).isEmpty();
        assertThat(NearCopies.among(List.of())).isEmpty();
    }

    @Test
    void equalAndUniformImagesEndTheSearchToo() {
        Thumbnail uniform = Thumbnail.of(RasterImage.of(8, 8, 1, new byte[64]));
        Thumbnail scene = scenes(0).get(0);
        List<Thumbnail> images = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            images.add(i < 38 ? uniform : scene);
        }
        assertThat(NearCopies.among(images)).containsExactly(new NearCopies.Pair(38, 39));
    }

    @Test
    void copiesWithTwoLabelsOrInTwoPartsAreRefusedUnlessTheyAreAllowed() throws IOException {
        int seed = 0;
        for (String folder :
                List.of(
                        "train/covid",
                        "train/non",
                        "val/covid",
                        "val/non",
                        "test/covid",
                        "test/non")) {
            for (int i = 0; i < 3; i++) {
                write(folder + "/" + i + ".png", scene(seed++));
            }
        }
        Crop crop = new Crop(0.03, 0, 0.02, 0.04);
        write("train/covid/same.png", Scene.of(0).draw(120, 120, crop, level -> level + 12));
        assertThat(problems(NearCopies.Policy.REFUSE)).isEmpty();

        write("train/non/label.png", Scene.of(1).draw(120, 120, crop, level -> level + 12));
        assertThat(problems(NearCopies.Policy.REFUSE))
                .containsExactly(
                        "train/covid/1.png (train, covid) and train/non/label.png (train, non) show"
                                + " the same picture");
        Files.delete(folder.resolve("train/non/label.png"));

        write("val/covid/part.png", Scene.of(2).draw(120, 120, crop, level -> level + 12));
        write("test/non/leak.png", Scene.of(3).draw(120, 120, crop, level -> level * 0.8));
        assertThat(problems(NearCopies.Policy.REFUSE))
                .containsExactly(
                        "train/covid/2.png (train, covid) and val/covid/part.png (val, covid) show"
                                + " the same picture");
        Files.delete(folder.resolve("val/covid/part.png"));
        String leak =
                "train/non/0.png (train, non) and test/non/leak.png (test, non) show the same"
                        + " picture";
        assertThat(problems(NearCopies.Policy.REFUSE)).containsExactly(leak);
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(folder));
        assertThatThrownBy(
                        () ->
                                split.fitting()
                                        .requireSeparatePictures(
                                                split.test(), NearCopies.Policy.REFUSE))
                .hasMessageContaining(leak);
        assertThat(problems(NearCopies.Policy.ALLOW)).isEmpty();
    }

    @Test
    void aJoinedDatasetKeepsTheFirstOfNearCopiesAndNoneWithTwoLabels() throws IOException {
        Crop crop = new Crop(0, 0.04, 0, 0.02);
        for (int i = 0; i < 3; i++) {
            write("covid/%d.png".formatted(i), scene(i));
            write("non/%d.png".formatted(i), scene(10 + i));
        }
        write("covid/again.png", Scene.of(0).draw(140, 100, crop, level -> level - 9));
        write("non/conflict.png", Scene.of(1).draw(140, 100, crop, level -> level - 9));
        List<String> leftOut = new ArrayList<>();
        List<LabelledImage> kept =
                new Duplicates()
                        .remove(
                                XrayDataset.read(folder).images(),
                                (image, reason) -> leftOut.add(image.id() + ": " + reason));

        assertThat(leftOut)
                .containsExactly(
                        "covid/1.png: equal images with different labels: as non/conflict.png",
                        "covid/again.png: near copy: as covid/0.png",
                        "non/conflict.png: equal images with different labels: as covid/1.png");
        assertThat(kept)
                .extracting(LabelledImage::id)
                .containsExactly(
                        "covid/0.png", "covid/2.png", "non/0.png", "non/1.png", "non/2.png");
    }

    @Test
    void aSplitOfDecodedImagesKeepsNearCopiesTogether() throws IOException {
        Crop crop = new Crop(0, 0.03, 0.02, 0);
        for (int i = 0; i < 10; i++) {
            write("covid/%d.png".formatted(i), scene(i));
            write("covid/%d-again.png".formatted(i), Scene.of(i).draw(130, 99, crop, x -> x + 8));
            write("non/%d.png".formatted(i), scene(20 + i));
        }
        XrayDataset dataset = XrayDataset.read(folder).verify();
        for (int seed = 0; seed < 5; seed++) {
            DatasetSplit split = PatientSplitter.seeded(seed).split(dataset);
            for (List<LabelledImage> part : split.byPart().values()) {
                assertPairsAreWhole(part);
            }
            split.requireSeparatePictures(NearCopies.Policy.REFUSE);
            assertThat(split.fitting().requireSeparatePictures(NearCopies.Policy.REFUSE))
                    .isNotEmpty()
                    .allMatch(pair -> !pair.differs(image -> image.id().replace("-again", "")));
            PatientFolds.exactly(dataset.labels(), dataset.images(), 3, seed)
                    .forEach(NearCopiesTest::assertPairsAreWhole);
        }
    }

    private static void assertPairsAreWhole(List<LabelledImage> part) {
        List<String> names =
                part.stream()
                        .map(image -> image.id().replace("-again", ""))
                        .filter(name -> name.startsWith("covid"))
                        .toList();
        assertThat(names.stream().distinct().count()).isEqualTo(names.size() / 2);
    }

    private void write(String name, RasterImage image) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, PngWriter.encode(image, Map.of()));
    }

    private List<String> problems(NearCopies.Policy policy) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(folder));
        try {
            split.fitting().requireSeparatePictures(policy);
            split.requireSeparatePictures(policy);
            return List.of();
        } catch (DatasetException e) {
            return e.problems();
        }
    }
}
