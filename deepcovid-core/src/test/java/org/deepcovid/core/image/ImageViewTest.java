package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageViewTest {

    private static final int SIDE = 100;

    private static RasterImage white(int channels) {
        byte[] samples = new byte[SIDE * SIDE * channels];
        Arrays.fill(samples, (byte) 255);
        return RasterImage.of(SIDE, SIDE, channels, samples);
    }

    /** Shares of the area, and whether a corner, the middle of an edge and the centre show. */
    @ParameterizedTest
    @CsvSource({
        "WHOLE, 1, true, true, true",
        "BORDER, 0.4524, true, true, false",
        "EDGES, 0.312, false, true, false",
        "CORNERS, 0.16, true, false, false",
        "CENTRE, 0.5476, false, false, true"
    })
    void showsItsPartOnly(
            ImageView view, double share, boolean corner, boolean edge, boolean centre) {
        RasterImage seen =
                new Preprocessing(SIDE, Normalization.TORCH).showing(view).resizeAndCrop(white(3));

        int shown = 0;
        for (byte sample : seen.samples()) {
            shown += sample == 0 ? 0 : 1;
        }
        assertThat(shown / (3.0 * SIDE * SIDE)).isCloseTo(share, within(1e-9));
        assertThat(seen.sample(1, 98, 2) > 0).isEqualTo(corner);
        assertThat(seen.sample(50, 1, 0) > 0).isEqualTo(edge);
        assertThat(seen.sample(50, 50, 0) > 0).isEqualTo(centre);
    }

    @Test
    void borderAndCentreAreTheWhole() {
        RasterImage image = white(1);
        for (int i = 0; i < SIDE * SIDE; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            assertThat(ImageView.BORDER.of(image).sample(x, y, 0) == 0)
                    .isEqualTo(ImageView.CENTRE.of(image).sample(x, y, 0) > 0);
        }
    }
}
