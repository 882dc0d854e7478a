package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import org.junit.jupiter.api.Test;

class HeatmapScalingTest {

    private static EvidenceGrid grid(double... values) {
        return new EvidenceGrid(1, values.length, values);
    }

    @Test
    void leavesAWeakMapPale() {
        EvidenceGrid weak = grid(0.001, 0.002, 0.004);

        double[] scaled =
                HeatmapScaling.perImage(EvidenceUnit.PROBABILITY_DROP).scale(weak).values();

        assertThat(scaled).containsExactly(new double[] {0.02, 0.04, 0.08}, within(1e-12));
    }

    @Test
    void keepsAFlatMapFlat() {
        double[] scaled = new HeatmapScaling.PerImage(0).scale(grid(3, 3, 3)).values();

        assertThat(scaled).containsOnly(1);
        assertThat(new HeatmapScaling.PerImage(0).scale(grid(0, 0)).values()).containsOnly(0);
        assertThat(new HeatmapScaling.PerImage(0).scale(grid(-2, -1)).values()).containsOnly(0);
    }

    @Test
    void spreadsAStrongMapUpToItsMaximum() {
        assertThat(new HeatmapScaling.PerImage(1).scale(grid(-1, 0, 2, 4)).values())
                .containsExactly(0, 0, 0.5, 1);
    }

    @Test
    void comparesMapsOnAFixedRange() {
        HeatmapScaling fixed = new HeatmapScaling.Fixed(1, 5);

        assertThat(fixed.scale(grid(0, 2, 9)).values()).containsExactly(0, 0.25, 1);
        assertThat(fixed.scale(grid(3)).values()).containsExactly(0.5);
    }

    @Test
    void refusesRangesThatAreNone() {
        assertRefusedNaming(() -> new HeatmapScaling.Fixed(2, 2), "from 2.0 to 2.0");
        assertRefusedNaming(() -> new HeatmapScaling.PerImage(Double.NaN), "smallestTop is NaN");
        assertRefusedNaming(() -> new HeatmapScaling.PerImage(-1), "smallestTop is -1.0");
    }

    @Test
    void acceptsOnlyFiniteEvidenceThatFillsItsGrid() {
        assertRefusedNaming(() -> grid(1, Double.NaN), "row 0, column 1 is NaN");
        assertRefusedNaming(() -> new EvidenceGrid(2, 2, new double[3]), "3 values for 2 rows");
        assertThatThrownBy(() -> grid(1).at(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
