package org.deepcovid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MillionScoresTest {

    private static final String REPLICATES = "20 bootstrap replicates of the area";

    private static List<MillionScores.Call> calls(int cases) {
        Map<String, Supplier<Object>> metrics = MillionScores.metrics(cases);
        Stream<MillionScores.Call> calls =
                metrics.entrySet().stream()
                        .map(metric -> MillionScores.measure(metric.getKey(), metric.getValue()));
        return calls.toList();
    }

    @Test
    void everyCallGivesAResult() {
        assertThat(calls(2_000))
                .hasSizeGreaterThan(20)
                .allSatisfy(call -> assertThat(call.result()).as(call.name()).isNotNull());
    }

    /** Two calls of each: the first also loads classes, and others may use the machine. */
    @Tag("slow")
    @Test
    void everyMetricOfAMillionScoresTakesLessThanTwoSecondsAndHalfAGigabyte() {
        List<MillionScores.Call> first = calls(1_000_000);
        List<MillionScores.Call> second = calls(1_000_000);

        for (int i = 0; i < first.size(); i++) {
            MillionScores.Call once = first.get(i);
            MillionScores.Call again = second.get(i);
            if (once.name().equals(REPLICATES)) {
                continue; // twenty metrics, not one
            }
            assertThat(Math.min(once.seconds(), again.seconds())).as(once.name()).isLessThan(2);
            assertThat(once.megabytes()).as(once.name()).isLessThan(500);
        }
    }

    @Tag("slow")
    @Test
    void aDrawnCurveOfAMillionScoresIsAFewHundredKilobytes() {
        Supplier<Object> drawn = MillionScores.metrics(1_000_000).get("drawn ROC curve (SVG)");

        assertThat(drawn.get().toString().length()).isLessThan(300_000);
    }
}
