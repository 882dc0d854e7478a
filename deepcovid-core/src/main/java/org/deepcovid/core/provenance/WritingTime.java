package org.deepcovid.core.provenance;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time that files carry. The environment variable {@value #VARIABLE} replaces the clock, so
 * that equal runs write equal files (reproducible-builds.org).
 */
public final class WritingTime {

    static final String VARIABLE = "SOURCE_DATE_EPOCH";

    private WritingTime() {}

    /**
     * The present time in seconds, or that of the environment.
     *
     * @throws IllegalArgumentException if the environment holds no number of seconds since 1970
     */
    public static Instant now() {
        return now(System.getenv(VARIABLE));
    }

    static Instant now(String seconds) {
        if (seconds == null || seconds.isBlank()) {
            return Instant.now().truncatedTo(ChronoUnit.SECONDS);
        }
        try {
            return Instant.ofEpochSecond(Long.parseLong(seconds.strip()));
        } catch (NumberFormatException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "%s is '%s'; expected seconds since 1970".formatted(VARIABLE, seconds), e);
        }
    }
}
