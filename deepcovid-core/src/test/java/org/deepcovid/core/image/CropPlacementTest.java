package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertRejects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CropPlacementTest {

    /** The centre of a bright block maps to its centre in the resized image. */
    @ParameterizedTest
    @CsvSource({
        "300, 200, 64",
        "200, 300, 64",
        "64, 64, 64",
        "50, 33, 64",
        "401, 399, 96",
        "99, 640, 96"
    })
    void agreesWithResizingAndCropping(int width, int height, int size) {
        CropPlacement placement = new CropPlacement(width, height, size);
        int side = Math.min(width, height) / 4;
        int left = width / 2 - side / 2 + side / 3;
        int top = height / 2 - side / 2 - side / 3;
        PixelMask block =
                PixelMask.of(
                        width,
                        height,
                        (x, y) -> x >= left && x < left + side && y >= top && y < top + side);
        RasterImage square =
                new Preprocessing(size, Normalization.TORCH).resizeAndCrop(block.toImage());

        double sum = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < size * size; i++) {
            double value = square.sample(i % size, i / size, 0);
            sum += value;
            x += value * (i % size + 0.5);
            y += value * Math.floorDiv(i, size) + 0.5 * value;
        }

        assertThat(placement.cropX(left + side / 2.0)).isCloseTo(x / sum, within(0.15));
        assertThat(placement.cropY(top + side / 2.0)).isCloseTo(y / sum, within(0.15));
    }

    @Test
    void inverseMapsBack() {
        CropPlacement placement = new CropPlacement(301, 200, 224);

        assertThat(placement.imageX(placement.cropX(77.25))).isCloseTo(77.25, within(1e-9));
        assertThat(placement.imageY(placement.cropY(123))).isCloseTo(123, within(1e-9));
    }

    @Test
    void coversTheCentralSquareOnly() {
        CropPlacement placement = new CropPlacement(400, 200, 100);

        assertThat(placement.covers(99, 0)).isFalse();
        assertThat(placement.covers(100, 0)).isTrue();
        assertThat(placement.covers(299, 199)).isTrue();
        assertThat(placement.covers(300, 199)).isFalse();
    }

    @Test
    void rejectsSizesThatAreNotPositive() {
        assertRejects(() -> new CropPlacement(0, 5, 224), "0 x 5");
    }
}
