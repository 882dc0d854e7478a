package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.DoubleSummaryStatistics;
import org.junit.jupiter.api.Test;

class ColourMapTest {

    /** sRGB to CIELAB, by the standard's formulas. */
    private static double[] lab(int rgb) {
        double[] linear = new double[3];
        for (int c = 0; c < 3; c++) {
            double v = ((rgb >> (16 - 8 * c)) & 0xFF) / 255.0;
            linear[c] = v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
        }
        double x = 0.4124564 * linear[0] + 0.3575761 * linear[1] + 0.1804375 * linear[2];
        double y = 0.2126729 * linear[0] + 0.7151522 * linear[1] + 0.0721750 * linear[2];
        double z = 0.0193339 * linear[0] + 0.1191920 * linear[1] + 0.9503041 * linear[2];
        double fx = f(x / 0.95047);
        double fy = f(y);
        double fz = f(z / 1.08883);
        return new double[] {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
    }

    private static double f(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    @Test
    void growsLighterThroughout() {
        for (int i = 8; i <= 255; i++) { // over 8 steps, since colours have 8 bits
            assertThat(lab(ColourMap.rgb(i / 255.0))[0])
                    .as("step %d", i)
                    .isGreaterThan(lab(ColourMap.rgb((i - 8) / 255.0))[0]);
        }
        assertThat(lab(ColourMap.rgb(0))[0]).isLessThan(25);
        assertThat(lab(ColourMap.rgb(1))[0]).isGreaterThan(88);
    }

    @Test
    void changesAsMuchEverywhere() {
        DoubleSummaryStatistics steps = new DoubleSummaryStatistics();
        for (int i = 16; i <= 255; i += 16) {
            double[] a = lab(ColourMap.rgb((i - 16) / 255.0));
            double[] b = lab(ColourMap.rgb(i / 255.0));
            steps.accept(Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]));
        }
        assertThat(steps.getMax() / steps.getMin()).isLessThan(1.2);
    }

    @Test
    void clipsWhatIsOutOfRange() {
        assertThat(ColourMap.rgb(-3)).isEqualTo(ColourMap.rgb(0));
        assertThat(ColourMap.rgb(7)).isEqualTo(ColourMap.rgb(1));
    }
}
