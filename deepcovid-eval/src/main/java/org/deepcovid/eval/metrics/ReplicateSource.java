package org.deepcovid.eval.metrics;

import java.util.Arrays;

/**
 * Builds replicates of a sample in ascending order of the scores, which makes the sorting that the
 * curves do next a single pass.
 */
final class ReplicateSource {

    private final ScoredLabels labels;
    private final int[] ascending;

    ReplicateSource(ScoredLabels labels) {
        this.labels = labels;
        this.ascending = ascendingRows(labels);
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

    /** Counting sort by the first place of each score among the sorted ones; boxes nothing. */
    private static int[] ascendingRows(ScoredLabels labels) {
        double[] sorted = new double[labels.size()];
        for (int row = 0; row < sorted.length; row++) {
            sorted[row] = labels.score(row);
        }
        Arrays.sort(sorted);
        int[] taken = new int[sorted.length];
        int[] rows = new int[sorted.length];
        for (int row = 0; row < sorted.length; row++) {
            int place = firstPlace(sorted, labels.score(row));
            rows[place + taken[place]++] = row;
        }
        return rows;
    }

    private static int firstPlace(double[] sorted, double score) {
        int low = 0;
        int high = sorted.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
