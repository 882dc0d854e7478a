package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.eval.metrics.Proportion;
import org.junit.jupiter.api.Test;

class FormatTest {

    @Test
    void ratesCarryIntervalAndCounts() {
        assertThat(Format.rate(Proportion.of(61, 62))).isEqualTo("98.4 % [91.4, 99.7], 61 of 62");
    }

    @Test
    void absentNumbersAreNamedAndNotZero() {
        assertThat(Format.rate(Optional.empty())).isEqualTo("none");
        assertThat(Format.number(OptionalDouble.empty())).isEqualTo("none");
        assertThat(Format.number(OptionalDouble.of(0))).isEqualTo("0.000");
        assertThat(Format.estimate(Optional.empty())).isEqualTo("none");
    }

    @Test
    void smallNumbersKeepTheirDigits() {
        assertThat(Format.threshold(0.4735)).isEqualTo("0.4735");
        assertThat(Format.threshold(0.0000123)).isEqualTo("1.230e-05");
        assertThat(Format.threshold(0)).isEqualTo("0.0000");
        assertThat(Format.pValue(0.00003)).isEqualTo("< 0.0001");
        assertThat(Format.pValue(0.00012)).isEqualTo("0.0001");
        assertThat(Format.pValue(0.037)).isEqualTo("0.0370");
        assertThat(Format.pValue(OptionalDouble.empty())).isEqualTo("none");
    }

    @Test
    void countsAgreeWithTheirNoun() {
        assertThat(Format.plural(1, "thread")).isEqualTo("1 thread");
        assertThat(Format.plural(2, "thread")).isEqualTo("2 threads");
    }
}
