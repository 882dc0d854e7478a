package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.Thumbnail;
import org.junit.jupiter.api.Test;

class NearCopiesTest {

    private static final int IMAGES = 60;

    private record Crop(double left, double top, double right, double bottom) {

        static final Crop NONE = new Crop(0, 0, 0, 0);
    }

    /** Smooth random shapes, each drawn for coordinates from 0 to 1. */
    private record Scene(double[][] blobs) {

        static Scene of(int seed) {
            SplittableRandom random = new SplittableRandom(seed);
            double[][] blobs = new double[40][];
            for (int i = 0; i < blobs.length; i++) {
                blobs[i] =
                        new double[] {
                            random.nextDouble(),
                            random.nextDouble(),
                            random.nextDouble(0.02, i < 8 ? 0.4 : 0.08),
                            random.nextDouble(-60, 60)
                        };
            }
            return new Scene(blobs);
        }

        Thumbnail draw(int width, int height, Crop crop, DoubleUnaryOperator tone) {
            byte[] samples = new byte[width * height];
            for (int i = 0; i < samples.length; i++) {
                double x =
                        crop.left() + (i % width + 0.5) / width * (1 - crop.left() - crop.right());
                double y =
                        crop.top() + (i / width + 0.5) / height * (1 - crop.top() - crop.bottom());
                double level = 128;
                for (double[] blob : blobs) {
                    double distance = Math.hypot(x - blob[0], y - blob[1]) / blob[2];
                    level += blob[3] * Math.exp(-distance * distance);
                }
                samples[i] = (byte) Math.max(0, Math.min(255, tone.applyAsDouble(level)));
            }
            return Thumbnail.of(RasterImage.of(width, height, 1, samples));
        }
    }

    private static List<Thumbnail> scenes(int from) {
        return IntStream.range(from, from + IMAGES)
                .mapToObj(seed -> Scene.of(seed).draw(160, 128, Crop.NONE, level -> level))
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
                    Scene.of(seed)
                            .draw(90 + seed, 150, crop, level -> level * contrast + brightness));
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
}
