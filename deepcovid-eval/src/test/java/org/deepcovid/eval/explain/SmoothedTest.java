package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.HeatmapMethod.cam;
import static org.deepcovid.eval.explain.HeatmapMethod.smoothed;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.Arrays;
import org.deepcovid.core.image.RasterImage;
import org.junit.jupiter.api.Test;

class SmoothedTest {

    private static EvidenceGrid smooth(double sigma, int rows, int columns, double... values) {
        return new EvidenceGrid(rows, columns, values).smoothed(sigma);
    }

    @Test
    void spreadsOneCellAsTheProductOfTwoBells() {
        double[] spike = new double[169];
        spike[6 * 13 + 6] = 1;

        EvidenceGrid smooth = smooth(1, 13, 13, spike);

        double sum = 0;
        for (int d = -3; d <= 3; d++) {
            sum += Math.exp(-d * d / 2.0);
        }
        for (int row = 3; row < 10; row++) {
            for (int column = 3; column < 10; column++) {
                double d2 = (row - 6) * (row - 6) + (column - 6) * (column - 6);
                assertThat(smooth.at(row, column))
                        .isCloseTo(Math.exp(-d2 / 2) / (sum * sum), within(1e-12));
            }
        }
        assertThat(smooth.at(2, 6)).isZero(); // beyond three standard deviations
    }

    @Test
    void keepsAFlatMapFlatUpToTheBorder() {
        double[] flat = new double[20];
        Arrays.fill(flat, 0.7);

        assertThat(smooth(2, 4, 5, flat).values()).containsExactly(flat, within(1e-12));
    }

    @Test
    void keepsEverythingButTheValues() {
        RasterImage image = TestNetworks.square(90, 64, 20, 30);
        try (ExplainedModel model = TestNetworks.brightnessModel(64)) {
            Heatmap plain = cam().explain(model, image, "covid");
            Heatmap smooth = smoothed(cam(), 1.5).explain(model, image, "covid");

            assertThat(smooth.method()).isEqualTo("CAM, smoothed 1.5");
            assertThat(smooth)
                    .usingRecursiveComparison()
                    .comparingOnlyFields("label", "score", "unit", "cells", "placement")
                    .isEqualTo(plain);
            assertThat(smooth.raw().max()).isLessThan(plain.raw().max());
            model.backbone().close();
        }
    }

    @Test
    void refusesAWindowWithoutWidth() {
        for (double sigma : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertRefusedNaming(() -> smoothed(cam(), sigma), "sigma is " + sigma);
        }
    }
}
