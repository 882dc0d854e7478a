package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlausibilityTest {

    private static final int SIDE = 400;

    private static Radiograph radiograph(IntBinaryOperator level) {
        return Radiograph.of(TestImages.grey(SIDE, SIDE, level)).withId("x.png");
    }

    private static void assertBlank(IntBinaryOperator level, String reason) {
        RasterImage grey = TestImages.grey(SIDE, SIDE, level);
        byte[] colours = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = grey.samples()[i / 3];
        }
        for (RasterImage image : new RasterImage[] {grey, RasterImage.of(SIDE, SIDE, 3, colours)}) {
            assertThatThrownBy(() -> Radiograph.of(image).withId("x.png").decode())
                    .isInstanceOf(UnreadableImageException.class)
                    .hasMessageContaining("x.png: ")
                    .hasMessageContaining(reason);
        }
    }

    @Test
    void refusesPicturesWithoutContent() {
        assertBlank((x, y) -> 90, "it has a single grey level; expected at least 32");
        assertBlank((x, y) -> 90 + (x + y) % 31, "it has 31 grey levels");
        assertBlank((x, y) -> x + SIDE * y < 1500 ? x : 0, "of its pixels are black");
        assertBlank((x, y) -> x + SIDE * y < 1500 ? x : 255, "of its pixels are white");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "32  | 1   | it has fewer than 64 grey levels",
                "63  | 1   | it has fewer than 64 grey levels",
                "200 | 0.05 | 90 % or more of its pixels are black",
            })
    void remarksOnOddPicturesAndScoresThem(int levels, double bright, String remark) {
        int rows = (int) (SIDE * bright);
        IntBinaryOperator level = (x, y) -> y < rows ? 10 + x % levels : 0;

        assertThat(radiograph(level).decode().remarks()).contains(remark);
    }

    @Test
    void acceptsOrdinaryPictures() {
        IntBinaryOperator halfBlack = (x, y) -> y < SIDE / 2 ? 0 : 10 + (x + y) % 64;

        assertThat(radiograph(halfBlack).decode().remarks()).isEmpty();
    }
}
