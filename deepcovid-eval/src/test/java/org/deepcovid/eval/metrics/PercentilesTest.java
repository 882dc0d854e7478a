package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PercentilesTest {

    @Test
    void limitsAreInterpolatedRanks() {
        double[] values = new double[39];
        Arrays.setAll(values, i -> 39 - i);

        ConfidenceInterval most = Percentiles.interval(values, 0.9);
        assertThat(most.lower()).isCloseTo(2, within(1e-12));
        assertThat(most.upper()).isCloseTo(38, within(1e-12));
        ConfidenceInterval half = Percentiles.interval(values, 0.5);
        assertThat(half.lower()).isCloseTo(10, within(1e-12));
        assertThat(half.upper()).isCloseTo(30, within(1e-12));
        assertThat(Percentiles.interval(values, 0.9375).lower()).isCloseTo(1.25, within(1e-12));
        assertThat(Percentiles.interval(values, 0.999).upper()).isEqualTo(39);
        assertThat(Percentiles.standardDeviation(new double[] {4})).isZero();
    }

    @Test
    void correctionWithoutBiasAndSkewnessIsThePercentiles() {
        double[] values = new double[39];
        Arrays.setAll(values, i -> i + 1);

        ConfidenceInterval moved = Percentiles.accelerated(values, 20, 0, 0.9);
        assertThat(moved.lower()).isCloseTo(2, within(1e-9));
        assertThat(moved.upper()).isCloseTo(38, within(1e-9));
        assertThat(Percentiles.accelerated(values, 25, 0, 0.9).lower()).isGreaterThan(2.5);
        assertThat(Percentiles.accelerated(values, 20, 0.1, 0.9).lower()).isGreaterThan(2.5);
        assertThat(Percentiles.accelerated(values, 99, 9, 0.9))
                .isEqualTo(new ConfidenceInterval(39, 39, 0.9));
        assertThat(Percentiles.accelerated(values, -99, -9, 0.9))
                .isEqualTo(new ConfidenceInterval(1, 1, 0.9));
    }
}
