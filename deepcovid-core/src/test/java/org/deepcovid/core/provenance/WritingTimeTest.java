package org.deepcovid.core.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertRejects;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class WritingTimeTest {

    @Test
    void theEnvironmentReplacesTheClock() {
        assertThat(WritingTime.now("1700000000")).hasToString("2023-11-14T22:13:20Z");
        assertThat(WritingTime.now("")).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertRejects(() -> WritingTime.now("soon"), "SOURCE_DATE_EPOCH is 'soon'; expected");
    }
}
