package org.deepcovid.phantoms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PixelTextTest {

    private static String drawn(String text, int scale) {
        int width = PixelText.width(text, scale);
        char[][] rows = new char[PixelText.HEIGHT * scale][width];
        for (char[] row : rows) {
            java.util.Arrays.fill(row, '.');
        }
        PixelText.draw(text, 0, 0, scale, (x, y) -> rows[y][x] = '#');
        StringBuilder lines = new StringBuilder();
        for (char[] row : rows) {
            lines.append(row).append('\n');
        }
        return lines.toString();
    }

    @Test
    void drawsLetters() {
        assertThat(drawn("LT", 1))
                .isEqualTo(
                        """
                        #.....#####
                        #.......#..
                        #.......#..
                        #.......#..
                        #.......#..
                        #.......#..
                        #####...#..
                        """);
    }

    @Test
    void enlargesByWholePixels() {
        assertThat(drawn("-", 2))
                .isEqualTo(
                        "..........\n".repeat(6)
                                + "..######..\n".repeat(2)
                                + "..........\n".repeat(6));
    }

    @Test
    void tellsAllPrintableCharactersApart() {
        Map<String, Character> seen = new HashMap<>();
        for (char c = ' '; c < 127; c++) {
            Character earlier = seen.put(drawn(String.valueOf(c), 1), c);
            assertThat(earlier).as("looks like %s", c).isNull();
        }
    }

    @Test
    void showsAQuestionMarkForWhatItLacks() {
        assertThat(drawn("\u4e2d", 1)).isEqualTo(drawn("?", 1));
    }

    @Test
    void staysWithinItsWidth() {
        Set<Integer> columns = new HashSet<>();
        PixelText.draw("WW", 10, 0, 3, (x, y) -> columns.add(x));

        assertThat(columns).contains(10, 10 + PixelText.width("WW", 3) - 1);
        assertThat(columns).allMatch(x -> x >= 10 && x < 10 + PixelText.width("WW", 3));
        assertThat(PixelText.width("", 3)).isZero();
    }

    @Test
    void refusesScaleBelowOne() {
        assertRejects(() -> PixelText.draw("a", 0, 0, 0, (x, y) -> {}), "scale is 0");
    }
}
