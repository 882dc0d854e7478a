package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.core.image.TestImages.meanDifference;
import static org.deepcovid.testing.Failures.assertRejects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AlterationTest {

    private static final Preprocessing TO_64 = new Preprocessing(64, Normalization.TORCH);

    /** Brighter to the right and in a disc left of the centre; no line is uniform. */
    private static final RasterImage IMAGE =
            TestImages.grey(
                    160,
                    120,
                    (x, y) ->
                            30
                                    + x / 4
                                    + 20 * ((x / 10 + y / 10) % 2)
                                    + (Math.hypot(x - 60, y - 60) < 25 ? 120 : 0));

    private static RasterImage altered(Alteration alteration) {
        return alteration.apply(IMAGE, TO_64, 3);
    }

    @ParameterizedTest
    @EnumSource(Alteration.class)
    void givesASquareThatTheSeedDetermines(Alteration alteration) {
        RasterImage square = altered(alteration);

        assertThat(square).isEqualTo(altered(alteration));
        assertThat(square.width()).isEqualTo(64);
        assertThat(square.height()).isEqualTo(64);
        assertThat(square).isNotEqualTo(TO_64.resizeAndCrop(IMAGE));
    }

    @ParameterizedTest
    @CsvSource({
        "BORDER_5, 2, 60",
        "BORDER_10, 5, 90",
        "CROP_5, 1, 20",
        "DARKER, 5, 25",
        "BRIGHTER, 5, 25",
        "JPEG_30, 0.1, 6",
        "ROTATED_5, 0.5, 15",
        "MIRRORED, 5, 60",
        "MARKED, 0.2, 8",
        "ENLARGED_3, 0.01, 2",
        "INVERTED, 20, 200"
    })
    void changesAsMuchAsItsNameSays(Alteration alteration, double least, double most) {
        assertThat(meanDifference(altered(alteration), TO_64.resizeAndCrop(IMAGE)))
                .isBetween(least, most);
        assertThat(Alteration.STRESSES).contains(alteration).hasSize(11);
    }

    @Test
    void aTrimmedBorderIsNoAlteration() {
        Preprocessing trimming = TO_64.with(Standardization.TRIM_AND_LEVELS);

        assertThat(Alteration.BORDER_10.apply(IMAGE, trimming, 1)).isEqualTo(trimming.crop(IMAGE));
    }

    @Test
    void aQuarterTurnClockwiseFourTimesIsNone() {
        RasterImage square = TO_64.resizeAndCrop(IMAGE);

        assertThat(PixelChanges.turned(square, 1).sample(63, 0, 0))
                .isEqualTo(square.sample(0, 0, 0));
        assertThat(PixelChanges.turned(PixelChanges.turned(square, 1), 3)).isEqualTo(square);
    }

    @Test
    void coloursStayColours() {
        RasterImage rgb = RasterImage.of(8, 8, 3, new byte[8 * 8 * 3]);

        assertThat(PixelChanges.compressed(rgb, 50).channels()).isEqualTo(3);
        assertThat(PixelChanges.bordered(rgb, 0.25, 9).sample(0, 0, 2)).isEqualTo(9);
    }

    @Test
    void acquisitionsStayWithinTheirRanges() {
        Acquisition none = new Acquisition(0, 0, 0, 0, 100, false);
        Augmentation changes = Augmentation.none().withAcquisition(none);
        RasterImage plain = TO_64.resizeAndCrop(IMAGE);
        double most = 0;
        for (long seed = 0; seed < 20; seed++) {
            assertThat(meanDifference(changes.apply(IMAGE, TO_64, seed), plain)).isLessThan(1);
            Augmentation all = Augmentation.none().withAcquisition(Acquisition.defaults());
            RasterImage changed = all.apply(IMAGE, TO_64, seed);
            assertThat(changed).isEqualTo(all.apply(IMAGE, TO_64, seed));
            most = Math.max(most, meanDifference(changed, plain));
        }
        assertThat(most).isBetween(10.0, 120.0);
        assertRejects(() -> new Acquisition(0.5, 0, 0, 0, 50, true), "crop 0.5");
        assertRejects(() -> new Acquisition(0, 0, 0, 0, 0, true), "JPEG quality 0");
    }

    /** What a heatmap shows must lie where the image has it. */
    @ParameterizedTest
    @CsvSource({"0.1, 0", "0.2, 255", "0.05, 40"})
    void placementsFollowTheTrimmedPart(double border, int level) {
        RasterImage framed = PixelChanges.bordered(IMAGE, border, level);
        Preprocessing trimming = TO_64.with(Standardization.TRIM_AND_LEVELS);
        CropPlacement placement = trimming.placement(framed);
        double discX = border * 160 + 60.5;
        double discY = border * 120 + 60.5;
        RasterImage square = trimming.crop(framed);
        double x = 0;
        double y = 0;
        double sum = 0;
        for (int i = 0; i < 64 * 64; i++) {
            int row = i / 64;
            double value = square.sample(i % 64, row, 0) > 120 ? 1 : 0; // the disc
            sum += value;
            x += value * (i % 64 + 0.5);
            y += value * (row + 0.5);
        }
        assertThat(placement.imageX(x / sum)).isCloseTo(discX, within(2.5));
        assertThat(placement.imageY(y / sum)).isCloseTo(discY, within(1.5));
        assertThat(placement.imageX(placement.cropX(77.25))).isCloseTo(77.25, within(1e-9));
        assertThat(placement.covers((int) (border * 160) / 2, 60)).isFalse();
    }
}
