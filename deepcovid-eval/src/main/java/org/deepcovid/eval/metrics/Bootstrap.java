package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Bootstrap of any metric, by patient where cases come in clusters (B. Efron, 1979, doi
 * 10.1214/aos/1176344552; clusters: C. A. Field and A. H. Welsh, 2007, doi
 * 10.1111/j.1467-9868.2007.00593.x).
 *
 * <p>Whole clusters are drawn with replacement, separately among those whose cases are of the same
 * set of classes (positive only, negative only, both), so that no replicate lacks a class that the
 * cases have. The limits are percentiles of the replicates, the {@code (replicates + 1) x share}-th
 * of them, interpolated; which shares, the method says. The same seed, cases and clusters give the
 * same draws for every metric. A replicate costs O(n) beside the metric.
 *
 * <p>The interval is absent where a class has fewer than two clusters, and where all replicates are
 * equal, as for a share of 0 or 1 (use {@link Proportion} there). The area under the ROC curve is
 * the exception: its interval is then Newcombe's, with the number of clusters as the number of
 * cases.
 *
 * @param replicates at least 20; 2000 by default
 * @param seed of the draws
 * @param level confidence level in (0, 1)
 * @param method of the interval
 */
public record Bootstrap(int replicates, long seed, double level, Method method) {

    public Bootstrap {
        if (replicates < 20) {
            throw new IllegalArgumentException(
                    "replicates is %d; expected at least 20, better 2000".formatted(replicates));
        }
        Checks.requireLevel(level);
        requireNonNull(method, "method is null");
    }

    /**
     * 2000 replicates at 95 %, corrected for bias and skewness.
     *
     * @param seed of the draws
     */
    public static Bootstrap seeded(long seed) {
        return new Bootstrap(2000, seed, ConfidenceInterval.DEFAULT_LEVEL, Method.BCA);
    }

    /**
     * The same with another number of replicates.
     *
     * @param count at least 20
     */
    public Bootstrap withReplicates(int count) {
        return new Bootstrap(count, seed, level, method);
    }

    /**
     * The same at another confidence level.
     *
     * @param newLevel in (0, 1)
     */
    public Bootstrap withLevel(double newLevel) {
        return new Bootstrap(replicates, seed, newLevel, method);
    }

    /**
     * The same with another kind of interval.
     *
     * @param newMethod of the interval
     */
    public Bootstrap withMethod(Method newMethod) {
        return new Bootstrap(replicates, seed, level, newMethod);
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
    public Optional<Estimate> estimate(Metric metric, ScoredLabels labels, Clusters clusters) {
        Resampler.Replicates source = new Resampler.Replicates(labels);
        return summarise(
                        metric.of(labels),
                        new Resampler(labels, clusters, seed),
                        clusters,
                        weights -> metric.of(source.replicate(weights)))
                .map(found -> withFormula(found, metric, labels, clusters));
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
    public Optional<Estimate> difference(
            Metric metric, ScoredLabels first, ScoredLabels second, Clusters clusters) {
        first.requireSameCases(second);
        Resampler.Replicates firstSource = new Resampler.Replicates(first);
        Resampler.Replicates secondSource = new Resampler.Replicates(second);
        return summarise(
                minus(metric.of(first), metric.of(second)),
                new Resampler(first, clusters, seed),
                clusters,
                weights ->
                        minus(
                                metric.of(firstSource.replicate(weights)),
                                metric.of(secondSource.replicate(weights))));
    }

    /**
     * Several metrics of K classes, all from the same draws.
     *
     * @param metrics any; each empty where it is undefined
     * @param scores the cases, of at least two classes
     * @param clusters which cases belong together; {@link Clusters#singletons} if none do
     * @return one entry per metric; empty if it is undefined on these cases, or on every replicate
     * @throws IllegalArgumentException if clusters and cases differ in number, or all cases are of
     *     one class
     */
    public List<Optional<Estimate>> estimates(
            List<Function<ClassResults, OptionalDouble>> metrics,
            ClassScores scores,
            Clusters clusters) {
        ClassResults.Replicates source = new ClassResults.Replicates(scores);
        return summarise(
                values(metrics, ClassResults.of(scores)),
                new Resampler(scores.size(), scores::truth, clusters, seed),
                clusters,
                weights -> values(metrics, source.replicate(weights)));
    }

    /**
     * The area under the ROC curve within groups: of pairs of a positive and a negative case of the
     * same group, such as a source, the share in which the positive one scores higher. Groups of
     * one class take no part.
     *
     * @param groups the group of every case
     * @param clusters which cases belong together; {@link Clusters#singletons} if none do
     * @return empty if no group holds both classes
     * @throws IllegalArgumentException if groups or clusters and cases differ in number
     */
    public Optional<Estimate> withinGroups(
            ScoredLabels labels, List<String> groups, Clusters clusters) {
        WithinGroupAuc area = new WithinGroupAuc(labels, groups);
        int[] once = new int[labels.size()];
        Arrays.fill(once, 1);
        return summarise(area.of(once), new Resampler(labels, clusters, seed), clusters, area::of);
    }

    /** All replicates are equal: the interval of the metric's formula, if it has one. */
    private Estimate withFormula(
            Estimate found, Metric metric, ScoredLabels labels, Clusters clusters) {
        if (found.interval().isPresent() || found.standardError() > 0) {
            return found;
        }
        int positives = clusters.countWhere(labels::isPositive);
        int negatives = clusters.countWhere(row -> !labels.isPositive(row));
        return positives < 2 || negatives < 2
                ? found
                : new Estimate(
                        found.value(),
                        found.standardError(),
                        metric.intervalWithoutSpread(found.value(), positives, negatives, level),
                        found.replicates(),
                        found.undefinedReplicates());
    }

    private static double[] values(
            List<Function<ClassResults, OptionalDouble>> metrics, ClassResults results) {
        return metrics.stream()
                .mapToDouble(metric -> metric.apply(results).orElse(Double.NaN))
                .toArray();
    }

    private static OptionalDouble minus(OptionalDouble first, OptionalDouble second) {
        return first.isEmpty() || second.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(first.getAsDouble() - second.getAsDouble());
    }

    private Optional<Estimate> summarise(
            OptionalDouble value,
            Resampler resampler,
            Clusters clusters,
            Function<int[], OptionalDouble> metric) {
        return summarise(
                        new double[] {value.orElse(Double.NaN)},
                        resampler,
                        clusters,
                        weights -> new double[] {metric.apply(weights).orElse(Double.NaN)})
                .get(0);
    }

    /** Several metrics; NaN stands for an undefined value. */
    private List<Optional<Estimate>> summarise(
            double[] values,
            Resampler resampler,
            Clusters clusters,
            Function<int[], double[]> metrics) {
        if (Arrays.stream(values).allMatch(Double::isNaN)) {
            return Collections.nCopies(values.length, Optional.empty());
        }
        double[][] found = new double[replicates][];
        for (int i = 0; i < replicates; i++) {
            found[i] = metrics.apply(resampler.next());
        }
        double[] accelerations =
                switch (method) {
                    case PERCENTILE -> new double[values.length];
                    case BCA ->
                            Jackknife.accelerations(
                                    resampler.strata(), clusters, metrics, values.length);
                };
        List<Optional<Estimate>> estimates = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            int metric = i;
            double[] defined =
                    Arrays.stream(found)
                            .mapToDouble(replicate -> replicate[metric])
                            .filter(value -> !Double.isNaN(value))
                            .toArray();
            estimates.add(
                    Double.isNaN(values[i]) || defined.length == 0
                            ? Optional.empty()
                            : Optional.of(
                                    estimate(
                                            values[i],
                                            defined,
                                            accelerations[i],
                                            resampler.fewestClusters() > 1)));
        }
        return estimates;
    }

    private Estimate estimate(
            double value, double[] values, double acceleration, boolean enoughClusters) {
        ConfidenceInterval interval =
                switch (method) {
                    case PERCENTILE -> Percentiles.interval(values, level);
                    case BCA -> Percentiles.accelerated(values, value, acceleration, level);
                };
        return new Estimate(
                value,
                Percentiles.standardDeviation(values),
                Optional.of(interval).filter(found -> enoughClusters && found.width() > 0),
                values.length,
                replicates - values.length);
    }

    /** Ways from sorted bootstrap replicates to an interval. */
    public enum Method {
        /** The two percentiles that leave equal tails. Too narrow for areas and rates near 1. */
        PERCENTILE,
        /**
         * Percentiles moved for bias and skewness (B. Efron, 1987, doi
         * 10.1080/01621459.1987.10478410), the skewness found by leaving out one cluster at a time,
         * at most 1000 evenly chosen ones of a stratum. The default.
         */
        BCA
    }

    /**
     * A number with the interval that its bootstrap replicates give.
     *
     * @param value computed on the cases themselves
     * @param standardError standard deviation of the replicates, at least 0
     * @param interval between two percentiles of the replicates; may leave out the value where the
     *     metric is biased in small samples; absent where a class has fewer than two clusters or
     *     the percentiles are equal, never of width 0
     * @param replicates how many replicates had a value
     * @param undefinedReplicates how many had none, such as a positive predictive value where no
     *     case is called positive; the interval is conditional on having a value
     */
    public record Estimate(
            double value,
            double standardError,
            Optional<ConfidenceInterval> interval,
            int replicates,
            int undefinedReplicates) {

        public Estimate {
            requireNonNull(interval, "interval is null");
            if (replicates < 1 || undefinedReplicates < 0) {
                throw new IllegalArgumentException(
                        "%d replicates and %d undefined ones; expected at least 1 and 0"
                                .formatted(replicates, undefinedReplicates));
            }
        }
    }
}
