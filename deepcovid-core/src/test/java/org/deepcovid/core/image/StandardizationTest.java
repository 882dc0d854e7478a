package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardizationTest {

    private static final int WIDTH = 120;
    private static final int HEIGHT = 90;

    /** No line of it is uniform. */
    private static final RasterImage CONTENT =
            TestImages.grey(
                    WIDTH, HEIGHT, (x, y) -> 40 + 150 * ((x / 6 + y / 9) % 2) + (x + y) % 9);

    private static final ImagePart WHOLE = new ImagePart(0, 0, WIDTH, HEIGHT);

    private static RasterImage coloured(RasterImage grey) {
        byte[] samples = new byte[3 * grey.samples().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = grey.samples()[i / 3];
        }
        return RasterImage.of(grey.width(), grey.height(), 3, samples);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.05, 0", "0, 0.2, 0", "255, 0.1, 0", "90, 0.1, 2.5"})
    void trimsUniformBordersOfAnyLevelWithALittleNoise(int level, double share, double noise) {
        RasterImage bordered =
                PixelChanges.noisy(
                        PixelChanges.bordered(CONTENT, share, level),
                        noise,
                        new SplittableRandom(1));
        ImagePart content =
                new ImagePart(
                        (int) Math.round(share * WIDTH),
                        (int) Math.round(share * HEIGHT),
                        WIDTH,
                        HEIGHT);

        assertThat(Standardization.TRIM_AND_LEVELS.part(bordered)).isEqualTo(content);
        assertThat(Standardization.TRIM_AND_LEVELS.part(coloured(bordered))).isEqualTo(content);
        assertThat(Standardization.NONE.part(bordered)).isEqualTo(ImagePart.of(bordered));
    }

    @Test
    void anImageWithoutBorderStaysWhole() {
        assertThat(Standardization.TRIM_AND_LEVELS.part(CONTENT)).isEqualTo(WHOLE);
    }

    @Test
    void trimsAtMostThirtyPercentAtASide() {
        RasterImage empty = TestImages.grey(100, 50, (x, y) -> 7);

        assertThat(Standardization.TRIM_AND_LEVELS.part(empty))
                .isEqualTo(new ImagePart(30, 15, 40, 20));
    }

    @Test
    void aBorderDoesNotChangeTheInput() {
        Preprocessing preprocessing =
                new Preprocessing(32, Normalization.TORCH).with(Standardization.TRIM_AND_LEVELS);

        assertThat(preprocessing.resizeAndCrop(PixelChanges.bordered(CONTENT, 0.1, 0)))
                .isEqualTo(preprocessing.resizeAndCrop(CONTENT));
    }

    @Test
    void levelsAreStretchedBetweenPercentiles() {
        RasterImage ramp = TestImages.grey(100, 100, (x, y) -> 50 + x);
        RasterImage stretched = Standardization.TRIM_AND_LEVELS.levels(ramp);

        assertThat(stretched.sample(0, 0, 0)).isZero();
        assertThat(stretched.sample(1, 0, 0)).isZero();
        assertThat(stretched.sample(50, 0, 0)).isBetween(125, 130);
        assertThat(stretched.sample(98, 0, 0)).isEqualTo(255);
        assertThat(Standardization.NONE.levels(ramp)).isSameAs(ramp);
    }

    @ParameterizedTest
    @CsvSource({"0.6, 0", "1, 40", "0.8, 30"})
    void brightnessAndContrastHardlyChangeStretchedLevels(double factor, int offset) {
        RasterImage changed = PixelChanges.mapped(CONTENT, level -> factor * level + offset);

        assertThat(
                        TestImages.meanDifference(
                                Standardization.TRIM_AND_LEVELS.levels(changed),
                                Standardization.TRIM_AND_LEVELS.levels(CONTENT)))
                .isLessThan(1.5);
    }

    @Test
    void aNarrowRangeIsNotStretchedToNoise() {
        RasterImage flat = TestImages.grey(50, 50, (x, y) -> 100 + (x + y) % 4);

        assertThat(Standardization.TRIM_AND_LEVELS.levels(flat).sample(49, 49, 0)).isLessThan(30);
    }
}
