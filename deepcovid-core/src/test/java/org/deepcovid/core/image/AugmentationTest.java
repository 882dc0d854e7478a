package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.core.image.TestImages.grey;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentationTest {

    private static final int SIZE = 24;
    private static final RasterImage NOISE = noise();

    private static RasterImage noise() {
        byte[] samples = new byte[SIZE * SIZE];
        new Random(1).nextBytes(samples);
        return RasterImage.of(SIZE, SIZE, 1, samples);
    }

    private static RasterImage constant(int level) {
        byte[] samples = new byte[SIZE * SIZE * 3];
        Arrays.fill(samples, (byte) level);
        return RasterImage.of(SIZE, SIZE, 3, samples);
    }

    @Test
    void noneChangesNothing() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(Augmentation.none().apply(NOISE, seed)).isEqualTo(NOISE);
        }
    }

    @Test
    void sameSeedGivesSameImage() {
        Set<RasterImage> results = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            RasterImage result = Augmentation.defaults().apply(NOISE, seed);
            assertThat(Augmentation.defaults().apply(NOISE, seed)).isEqualTo(result);
            results.add(result);
        }
        assertThat(results).hasSize(20);
    }

    @Test
    void mirrorsLeftAndRight() {
        assertThat(Augmentation.none().withHorizontalFlipProbability(1).apply(NOISE, 5))
                .isEqualTo(grey(SIZE, SIZE, (x, y) -> NOISE.sample(SIZE - 1 - x, y, 0)));
    }

    @Test
    void mirrorsWithTheGivenProbability() {
        Augmentation quarter = Augmentation.none().withHorizontalFlipProbability(0.25);
        long mirrored = 0;
        for (long seed = 0; seed < 1000; seed++) {
            mirrored += quarter.apply(NOISE, seed).equals(NOISE) ? 0 : 1;
        }
        assertThat(mirrored).isBetween(200L, 300L);
    }

    @Test
    void quarterTurnMovesEveryPixelToItsPlace() {
        assertThat(AffineWarp.of(false, Math.PI / 2, 1, 0, 0, 0).apply(NOISE))
                .isEqualTo(grey(SIZE, SIZE, (x, y) -> NOISE.sample(y, SIZE - 1 - x, 0)));
    }

    @Test
    void shiftRepeatsBorder() {
        RasterImage shifted = AffineWarp.of(false, 0, 1, 0, 2, -1).apply(NOISE);

        assertThat(shifted.sample(5, 5, 0)).isEqualTo(NOISE.sample(3, 6, 0));
        assertThat(shifted.sample(0, 5, 0)).isEqualTo(NOISE.sample(0, 6, 0));
        assertThat(shifted.sample(5, SIZE - 1, 0)).isEqualTo(NOISE.sample(3, SIZE - 1, 0));
    }

    @Test
    void halfPixelShiftInterpolatesARampExactly() {
        RasterImage ramp = RasterImage.of(6, 1, 1, new byte[] {0, 20, 40, 60, 80, 100});

        RasterImage shifted = AffineWarp.of(false, 0, 1, 0, 0.5, 0).apply(ramp);

        assertThat(Arrays.copyOfRange(shifted.toBytes(), 2, 5)).containsExactly(30, 50, 70);
    }

    @Test
    void interpolationKeepsFineDetailThatAveragingWouldBlur() {
        RasterImage wave = // with a period of 6 pixels
                grey(64, 1, (x, y) -> (int) Math.round(60 + 50 * Math.sin(x * Math.PI / 3)));
        RasterImage shifted = AffineWarp.of(false, 0, 1, 0, 0.5, 0).apply(wave);

        for (int x = 4; x < 60; x++) {
            double expected =
                    60 + 50 * Math.sin((x - 0.5) * Math.PI / 3); // averaging: up to 6.7 off
            assertThat((double) shifted.sample(x, 0, 0)).isCloseTo(expected, within(2.5));
        }
    }

    @Test
    void enlargementMovesPixelsAwayFromCentre() {
        RasterImage image = grey(9, 1, (x, y) -> x == 4 ? 100 : x == 3 ? 40 : 0);

        RasterImage enlarged = AffineWarp.of(false, 0, 2, 0, 0, 0).apply(image);

        assertThat(enlarged.toBytes()).containsExactly(0, 16, 40, 79, 100, 54, 0, 0, 0);
    }

    @Test
    void shearMovesRowsAgainstEachOther() {
        RasterImage sheared = AffineWarp.of(false, 0, 1, 2.0 / (SIZE - 1), 0, 0).apply(NOISE);

        assertThat(sheared.sample(10, 0, 0)).isEqualTo(NOISE.sample(11, 0, 0));
        assertThat(sheared.sample(10, SIZE - 1, 0)).isEqualTo(NOISE.sample(9, SIZE - 1, 0));
    }

    @Test
    void constantImageStaysConstant() {
        Augmentation moves =
                Augmentation.defaults()
                        .withMaxRotationDegrees(45)
                        .withMaxScale(0.4)
                        .withMaxShear(0.3)
                        .withMaxTranslation(0.3)
                        .withMaxGamma(0)
                        .withMaxContrast(0);
        RasterImage image = constant(200);

        for (long seed = 0; seed < 20; seed++) {
            assertThat(moves.apply(image, seed)).isEqualTo(image);
        }
    }

    @Test
    void toneChangesKeepOrderOfLevels() {
        RasterImage ramp = grey(256, 1, (x, y) -> x);
        Augmentation tone = Augmentation.none().withMaxGamma(0.3).withMaxContrast(0.3);

        for (long seed = 0; seed < 20; seed++) {
            RasterImage result = tone.apply(ramp, seed);
            assertThat(result).isNotEqualTo(ramp);
            for (int x = 1; x < 256; x++) {
                assertThat(result.sample(x, 0, 0))
                        .isGreaterThanOrEqualTo(result.sample(x - 1, 0, 0));
            }
        }
    }

    @Test
    void contrastStretchesAboutMidGreyAndGammaBendsBetweenTheEnds() {
        RasterImage levels = RasterImage.of(3, 1, 1, new byte[] {0, 64, (byte) 255});

        assertThat(Augmentation.toneCurve(levels, 1, 0.5).toBytes())
                .containsExactly(64, 96, (byte) 191); // 127.5 -+ half the distance
        assertThat(Augmentation.toneCurve(levels, 2, 1).toBytes())
                .containsExactly(0, 16, (byte) 255);
    }

    @Test
    void rejectsValuesOutsideTheirRange() {
        Augmentation none = Augmentation.none();
        assertRejects(() -> none.withHorizontalFlipProbability(1.1))
                .hasMessage("horizontalFlipProbability is 1.1; expected 0 to 1.0");
        assertRejects(() -> none.withMaxScale(1))
                .hasMessage("maxScale is 1.0; expected 0 to 1.0, exclusive");
        assertRejects(() -> none.withMaxRotationDegrees(Double.NaN), "maxRotationDegrees is NaN");
        assertThat(none.withMaxRotationDegrees(180).maxRotationDegrees()).isEqualTo(180);
    }
}
