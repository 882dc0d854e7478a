package org.deepcovid.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvCellsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "=1+1|'=1+1", "+cmd|'+cmd", "-x|'-x", "-|'-", "@a|'@a", "'=1|''=1",
                "-5|-5", "-0.5e-3|-0.5e-3", "'-5|'-5", "'a|'a", "a=b|a=b", "a/-b|a/-b"
            })
    void formulasAreWrittenAsTextAndReadBack(String cell, String written) {
        assertThat(CsvCells.written(cell)).isEqualTo(written);
        assertThat(CsvCells.read(written)).isEqualTo(cell);
    }
}
