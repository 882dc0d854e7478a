package org.deepcovid.eval.metrics;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Percentile bootstrap of any metric, by patient where cases come in clusters (B. Efron, 1979, doi
 * 10.1214/aos/1176344552; clusters: C. A. Field and A. H. Welsh, 2007, doi
 * 10.1111/j.1467-9868.2007.00593.x).
 *
 * <p>Whole clusters are drawn with replacement, separately among those with positive cases only,
 * with negative cases only and with both, so that no replicate lacks a class that the cases have.
 * The limits are the (replicates + 1) x tail-th of the sorted replicates, interpolated. The same
 * seed, cases and clusters give the same draws, whatever the metric. A replicate costs O(n) beside
 * the metric.
 *
 * @param replicates at least 20; 2000 by default
 * @param seed of the draws
 * @param level confidence level in (0, 1)
 */
public record Bootstrap(int replicates, long seed, double level) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if there are fewer than 20 replicates or the level is not in
     *     (0, 1)
     */
    public Bootstrap {
        if (replicates < 20) {
            throw new IllegalArgumentException(
                    "replicates is %d; expected at least 20, better 2000".formatted(replicates));
        }
        Checks.requireLevel(level);
    }

    /**
     * 2000 replicates at 95 %.
     *
     * @param seed of the draws
     * @return the settings
     */
    public static Bootstrap seeded(long seed) {
        return new Bootstrap(2000, seed, ConfidenceInterval.DEFAULT_LEVEL);
    }

    /**
     * The same with another number of replicates.
     *
     * @param count at least 20
     * @return changed copy
     */
    public Bootstrap withReplicates(int count) {
        return new Bootstrap(count, seed, level);
    }

    /**
     * The same at another confidence level.
     *
     * @param newLevel in (0, 1)
     * @return changed copy
     */
    public Bootstrap withLevel(double newLevel) {
        return new Bootstrap(replicates, seed, newLevel);
    }

    /**
     * A metric with its interval.
     *
     * @param metric any
     * @param labels the cases
     * @param clusters which cases belong together; {@link Clusters#singletons} if none do
     * @return empty if the metric is undefined on these cases, or on every replicate
     * @throws IllegalArgumentException if clusters and cases differ in number
     */
    public Optional<BootstrapEstimate> estimate(
            Metric metric, ScoredLabels labels, Clusters clusters) {
        ReplicateSource source = new ReplicateSource(labels);
        return summarise(
                metric.of(labels),
                new Resampler(labels, clusters, seed),
                weights -> metric.of(source.replicate(weights)));
    }

    /**
     * A metric of one model minus that of another on the same cases; both see the same draws, so
     * what is common to the two cancels out.
     *
     * @param metric any
     * @param first scores of one model
     * @param second scores of the other, rows in the same order
     * @param clusters which cases belong together; {@link Clusters#singletons} if none do
     * @return difference first minus second; empty if undefined on these cases, or on every
     *     replicate
     * @throws IllegalArgumentException if the two are not of the same cases, or clusters and cases
     *     differ in number
     */
    public Optional<BootstrapEstimate> difference(
            Metric metric, ScoredLabels first, ScoredLabels second, Clusters clusters) {
        first.requireSameCases(second);
        ReplicateSource firstSource = new ReplicateSource(first);
        ReplicateSource secondSource = new ReplicateSource(second);
        return summarise(
                minus(metric.of(first), metric.of(second)),
                new Resampler(first, clusters, seed),
                weights ->
                        minus(
                                metric.of(firstSource.replicate(weights)),
                                metric.of(secondSource.replicate(weights))));
    }

    private static OptionalDouble minus(OptionalDouble first, OptionalDouble second) {
        return first.isEmpty() || second.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(first.getAsDouble() - second.getAsDouble());
    }

    private Optional<BootstrapEstimate> summarise(
            OptionalDouble value, Resampler resampler, Function<int[], OptionalDouble> metric) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        double[] found = new double[replicates];
        int defined = 0;
        for (int i = 0; i < replicates; i++) {
            OptionalDouble replicate = metric.apply(resampler.next());
            if (replicate.isPresent()) {
                found[defined++] = replicate.getAsDouble();
            }
        }
        return defined == 0
                ? Optional.empty()
                : Optional.of(estimate(value.getAsDouble(), Arrays.copyOf(found, defined)));
    }

    private BootstrapEstimate estimate(double value, double[] found) {
        return new BootstrapEstimate(
                value,
                Percentiles.standardDeviation(found),
                Percentiles.interval(found, level),
                found.length,
                replicates - found.length);
    }
}
