package org.deepcovid.eval.report;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.comparison.SeedSummary;

/**
 * Several trainings by one recipe, evaluated on the same test images, that differ in their seed
 * only.
 *
 * @param runs at least two
 */
record SeedRuns(List<Evaluation> runs) {

    private static final List<TestMetric> METRICS =
            List.of(
                    TestMetric.AUC,
                    TestMetric.AVERAGE_PRECISION,
                    TestMetric.SENSITIVITY,
                    TestMetric.SPECIFICITY);

    /**
     * Checks and copies the runs.
     *
     * @throws IllegalArgumentException if there is one alone, or they differ in more than the seed
     */
    SeedRuns {
        runs = List.copyOf(runs);
        if (runs.size() < 2) {
            throw new IllegalArgumentException(
                    "there is %d run; expected at least 2 with different seeds"
                            .formatted(runs.size()));
        }
        Set<Long> seeds = new HashSet<>();
        for (Evaluation run : runs) {
            FineTuneConfig config = run.provenance().config();
            if (!seeds.add(config.seed())) {
                throw new IllegalArgumentException(
                        "two runs have seed %d; expected different ones".formatted(config.seed()));
            }
            requireAlike(run, runs.get(0));
        }
    }

    private static void requireAlike(Evaluation run, Evaluation first) {
        FineTuneConfig expected = first.provenance().config();
        FineTuneConfig config = run.provenance().config();
        boolean alike =
                config.withSeed(expected.seed()).equals(expected)
                        && run.network().equals(first.network())
                        && ids(run).equals(ids(first));
        if (!alike) {
            throw new IllegalArgumentException(
                    ("the run with seed %d differs from that with seed %d in network, recipe or"
                                    + " test images; expected the same ones")
                            .formatted(config.seed(), expected.seed()));
        }
    }

    private static List<String> ids(Evaluation run) {
        return run.testScores().stream().map(ScoredImage::imageId).toList();
    }

    List<Long> seeds() {
        return runs.stream().map(run -> run.provenance().config().seed()).toList();
    }

    /** Each run at its own threshold. */
    Map<TestMetric, SeedSummary> summaries() {
        Map<TestMetric, SeedSummary> summaries = new EnumMap<>(TestMetric.class);
        for (TestMetric metric : METRICS) {
            double[] values =
                    runs.stream()
                            .mapToDouble(
                                    run ->
                                            metric.at(run.threshold().value())
                                                    .of(run.scores())
                                                    .orElseThrow())
                            .toArray();
            summaries.put(metric, SeedSummary.of(values));
        }
        return summaries;
    }

    HtmlTable table() {
        HtmlTable table =
                new HtmlTable(
                        "%d trainings that differ in their seed only, each at its own threshold"
                                .formatted(runs.size()),
                        "figure",
                        "mean",
                        "spread (standard deviation)",
                        "lowest to highest",
                        "range");
        summaries()
                .forEach(
                        (metric, summary) ->
                                table.row(
                                        metric.words(),
                                        Format.number(summary.mean()),
                                        Format.number(summary.standardDeviation()),
                                        "%s to %s"
                                                .formatted(
                                                        Format.number(summary.lowest()),
                                                        Format.number(summary.highest())),
                                        Format.number(summary.range())));
        return table;
    }
}
