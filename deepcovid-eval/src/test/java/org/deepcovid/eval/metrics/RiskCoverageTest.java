package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RiskCoverageTest {

    /**
     * At 0.5, by distance: 0.99 right, 0.02 right, 0.95 wrong, then 0.8 right and 0.8 wrong. Risks
     * of 1 to 5 calls, the tied error spread evenly: 0, 0, 1/3, 1.5/4, 2/5.
     */
    @Test
    void riskIsThatOfTheMostCertainCalls() {
        RiskCoverage curve =
                RiskCoverage.of(
                        ScoredLabels.ofProbabilities(
                                new boolean[] {true, false, true, false, false},
                                new double[] {0.8, 0.95, 0.99, 0.8, 0.02}),
                        0.5);
        assertThat(curve.area())
                .isCloseTo((0 + 0 + 1.0 / 3 + 1.5 / 4 + 2.0 / 5) / 5, within(1e-12));
        assertThat(curve.points())
                .containsExactly(
                        new RiskCoverage.Point(1, 0, 5),
                        new RiskCoverage.Point(2, 0, 5),
                        new RiskCoverage.Point(3, 1, 5),
                        new RiskCoverage.Point(5, 2, 5));
        assertThat(curve.at(0.9)).isEqualTo(new RiskCoverage.Point(3, 1, 5));
        assertThat(curve.at(1).risk()).isEqualTo(0.4);
    }

    /** Called at 0.1, a score of 0.3 is nearer to the threshold than 0.005. */
    @Test
    void certaintyIsTheDistanceFromTheThreshold() {
        RiskCoverage curve =
                RiskCoverage.of(
                        ScoredLabels.ofProbabilities(
                                new boolean[] {false, true}, new double[] {0.3, 0.005}),
                        0.1);
        assertThat(curve.points().get(0)).isEqualTo(new RiskCoverage.Point(1, 1, 2));
        assertThat(curve.area()).isEqualTo(1);
    }
}
