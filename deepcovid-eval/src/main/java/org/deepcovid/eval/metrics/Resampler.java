package org.deepcovid.eval.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws clusters with replacement, separately among those with positive cases only, with negative
 * cases only and with both, so that every replicate has as many of each as the sample.
 */
final class Resampler {

    private final Clusters clusters;
    private final int[][] strata;
    private final SplittableRandom random;
    private final int[] drawn;
    private final int[] weights;

    Resampler(ScoredLabels labels, Clusters clusters, long seed) {
        if (clusters.rows() != labels.size()) {
            throw new IllegalArgumentException(
                    "clusters cover %d rows but there are %d cases; expected one cluster per case"
                            .formatted(clusters.rows(), labels.size()));
        }
        this.clusters = clusters;
        this.strata = strata(labels, clusters);
        this.random = new SplittableRandom(seed);
        this.drawn = new int[clusters.count()];
        this.weights = new int[labels.size()];
    }

    private static int[][] strata(ScoredLabels labels, Clusters clusters) {
        int[] classes = new int[clusters.count()]; // bit 0: a negative case, bit 1: a positive one
        for (int row = 0; row < labels.size(); row++) {
            classes[clusters.of(row)] |= labels.isPositive(row) ? 2 : 1;
        }
        return IntStream.of(1, 2, 3)
                .mapToObj(kind -> membersOf(kind, classes))
                .filter(members -> members.length > 0)
                .toArray(int[][]::new);
    }

    private static int[] membersOf(int kind, int[] classes) {
        return IntStream.range(0, classes.length).filter(c -> classes[c] == kind).toArray();
    }

    /** The clusters with negative cases only, with positive cases only, and with both. */
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
