package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.testing.Failures.assertRejects;

import org.junit.jupiter.api.Test;

class PixelMaskTest {

    private static final PixelMask LEFT = PixelMask.of(4, 3, (x, y) -> x < 2);
    private static final PixelMask TOP = PixelMask.of(4, 3, (x, y) -> y == 0);

    @Test
    void containsPixelsThatSatisfyTheCondition() {
        assertThat(LEFT.contains(1, 2)).isTrue();
        assertThat(LEFT.contains(2, 2)).isFalse();
        assertThat(LEFT.area()).isEqualTo(6);
    }

    @Test
    void containsNothingOutsideTheImage() {
        PixelMask everything = PixelMask.of(4, 3, (x, y) -> true);

        assertThat(everything.contains(-1, 0)).isFalse();
        assertThat(everything.contains(4, 0)).isFalse();
        assertThat(everything.contains(0, -1)).isFalse();
        assertThat(everything.contains(0, 3)).isFalse();
    }

    @Test
    void combinesWithAnother() {
        assertThat(LEFT.and(TOP)).isEqualTo(PixelMask.of(4, 3, (x, y) -> x < 2 && y == 0));
        assertThat(LEFT.or(TOP).area()).isEqualTo(8);
        assertThat(LEFT.area()).as("unchanged").isEqualTo(6);
    }

    @Test
    void roundTripsThroughAnImage() {
        assertThat(PixelMask.of(LEFT.toImage())).isEqualTo(LEFT).hasSameHashCodeAs(LEFT);
        assertThat(LEFT.toImage().sample(0, 0, 0)).isEqualTo(255);
    }

    @Test
    void includesGreyLevelsFrom128() {
        RasterImage image = RasterImage.of(2, 1, 1, new byte[] {127, (byte) 128});

        assertThat(PixelMask.of(image)).isEqualTo(PixelMask.of(2, 1, (x, y) -> x == 1));
    }

    @Test
    void rejectsMasksOfDifferentSizes() {
        PixelMask other = PixelMask.of(3, 4, (x, y) -> true);

        assertThatThrownBy(() -> LEFT.and(other)).hasMessageContaining("4 x 3 mask of 6 pixels");
        assertThatThrownBy(() -> LEFT.or(other)).hasMessageContaining("3 x 4 mask of 12 pixels");
        assertRejects(() -> PixelMask.of(0, 4, (x, y) -> true), "0 x 4");
    }
}
