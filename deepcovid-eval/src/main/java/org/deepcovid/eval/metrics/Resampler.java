package org.deepcovid.eval.metrics;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Draws clusters with replacement, separately among those whose cases are of the same set of
 * classes, so that every replicate has as many of each as the sample.
 */
final class Resampler {

    private final Clusters clusters;
    private final int[][] strata;
    private final int fewestClusters;
    private final SplittableRandom random;
    private final int[] drawn;
    private final int[] weights;

    Resampler(ScoredLabels labels, Clusters clusters, long seed) {
        this(labels.size(), row -> labels.isPositive(row) ? 1 : 0, clusters, seed);
    }

    /**
     * Any number of classes.
     *
     * @param classOf the class of a row, from 0
     */
    Resampler(int rows, IntUnaryOperator classOf, Clusters clusters, long seed) {
        if (clusters.rows() != rows) {
            throw new IllegalArgumentException(
                    "clusters cover %d rows but there are %d cases; expected one cluster per case"
                            .formatted(clusters.rows(), rows));
        }
        this.clusters = clusters;
        this.strata = strata(classOf, clusters);
        this.fewestClusters =
                IntStream.range(0, rows)
                        .map(classOf)
                        .distinct()
                        .map(each -> clusters.countWhere(row -> classOf.applyAsInt(row) == each))
                        .min()
                        .orElseThrow();
        this.random = new SplittableRandom(seed);
        this.drawn = new int[clusters.count()];
        this.weights = new int[rows];
    }

    private static int[][] strata(IntUnaryOperator classOf, Clusters clusters) {
        BigInteger[] classes = new BigInteger[clusters.count()]; // bit c: a case of class c
        Arrays.fill(classes, BigInteger.ZERO);
        for (int row = 0; row < clusters.rows(); row++) {
            int cluster = clusters.of(row);
            classes[cluster] = classes[cluster].setBit(classOf.applyAsInt(row));
        }
        Map<BigInteger, int[]> members =
                IntStream.range(0, classes.length)
                        .boxed()
                        .collect(
                                Collectors.groupingBy(
                                        cluster -> classes[cluster],
                                        TreeMap::new,
                                        Collectors.collectingAndThen(
                                                Collectors.toList(), Resampler::toArray)));
        return members.values().toArray(int[][]::new);
    }

    private static int[] toArray(List<Integer> clusters) {
        return clusters.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The number of clusters in the class that has the fewest, of those with cases. */
    int fewestClusters() {
        return fewestClusters;
    }

    /** The clusters of each set of classes; of two classes: negative, positive, both. */
    int[][] strata() {
        return strata;
    }

    /** How often each row is in the next replicate; the array is reused by the next call. */
    int[] next() {
        Arrays.fill(drawn, 0);
        for (int[] members : strata) {
            for (int i = 0; i < members.length; i++) {
                drawn[members[random.nextInt(members.length)]]++;
            }
        }
        for (int row = 0; row < weights.length; row++) {
            weights[row] = drawn[clusters.of(row)];
        }
        return weights;
    }

    /**
     * Builds replicates of a sample in ascending order of the scores, which makes the sorting that
     * the curves do next a single pass.
     */
    static final class Replicates {

        private final ScoredLabels labels;
        private final int[] ascending;

        Replicates(ScoredLabels labels) {
            this.labels = labels;
            this.ascending =
                    IntStream.range(0, labels.size())
                            .boxed()
                            .sorted(Comparator.comparingDouble(labels::score))
                            .mapToInt(Integer::intValue)
                            .toArray();
        }

        ScoredLabels replicate(int[] weights) {
            int[] rows = new int[Arrays.stream(weights).sum()];
            int next = 0;
            for (int row : ascending) {
                for (int i = 0; i < weights[row]; i++) {
                    rows[next++] = row;
                }
            }
            return labels.draw(rows);
        }
    }
}
