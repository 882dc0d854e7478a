package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.comparison.SeedSummary;

/**
 * Several trainings with one recipe, evaluated on the same test images, that differ in their seed
 * only.
 *
 * @param seeds at least two, all different
 * @param summaries of the metrics, each run at its own threshold
 */
record SeedRuns(List<Long> seeds, Map<TestMetric, SeedSummary> summaries) {

    private static final List<TestMetric> METRICS =
            List.of(
                    TestMetric.AUC,
                    TestMetric.AVERAGE_PRECISION,
                    TestMetric.SENSITIVITY,
                    TestMetric.SPECIFICITY);

    /**
     * Summarises runs.
     *
     * @throws IllegalArgumentException if there is only one, or they differ in more than the seed
     */
    static SeedRuns of(List<Evaluation> runs) {
        if (runs.size() < 2) {
            throw new IllegalArgumentException(
                    "there is %d run; expected at least 2 with different seeds"
                            .formatted(runs.size()));
        }
        List<Long> seeds = new ArrayList<>();
        for (Evaluation run : runs) {
            long seed = run.provenance().config().seed();
            if (seeds.contains(seed)) {
                throw new IllegalArgumentException(
                        "two runs have seed %d; expected different ones".formatted(seed));
            }
            seeds.add(seed);
            requireAlike(run, runs.get(0));
        }
        return new SeedRuns(List.copyOf(seeds), summaries(runs));
    }

    /** Header and rows of a table: one row per metric. */
    List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("metric", "mean", "standard deviation", "lowest to highest", "range"));
        summaries.forEach(
                (metric, summary) ->
                        rows.add(
                                List.of(
                                        metric.words(),
                                        Format.number(summary.mean()),
                                        Format.number(summary.standardDeviation()),
                                        Format.range(summary),
                                        Format.number(summary.range()))));
        return rows;
    }

    private static Map<TestMetric, SeedSummary> summaries(List<Evaluation> runs) {
        Map<TestMetric, SeedSummary> summaries = new EnumMap<>(TestMetric.class);
        List<TestMetric> known = TestMetric.of(runs.get(0).scores());
        METRICS.stream()
                .filter(known::contains)
                .forEach(metric -> summaries.put(metric, summary(metric, runs)));
        return summaries;
    }

    private static SeedSummary summary(TestMetric metric, List<Evaluation> runs) {
        return SeedSummary.of(
                runs.stream()
                        .mapToDouble(
                                run ->
                                        metric.at(run.threshold().value())
                                                .of(run.scores())
                                                .orElseThrow())
                        .toArray());
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
}
