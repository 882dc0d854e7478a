package org.deepcovid.eval.metrics.comparison;

import java.util.Arrays;
import org.deepcovid.eval.metrics.ScoredLabels;

/** The share of the other class that each case is on the right side of, ties counted half. */
final class Placements {

    private final ScoredLabels labels;
    private final int[] twiceBelow;

    Placements(ScoredLabels labels) {
        this.labels = labels;
        this.twiceBelow = new int[labels.size()];
        double[] positives = sortedScores(labels, true);
        double[] negatives = sortedScores(labels, false);
        for (int row = 0; row < twiceBelow.length; row++) {
            double[] others = labels.isPositive(row) ? negatives : positives;
            twiceBelow[row] = twiceBelow(others, labels.score(row));
        }
    }

    double of(int row) {
        return labels.isPositive(row)
                ? twiceBelow[row] / (2.0 * labels.negatives())
                : 1 - twiceBelow[row] / (2.0 * labels.positives());
    }

    /** The area under the ROC curve, counted in integers. */
    double auc() {
        long twiceWins = 0;
        for (int row = 0; row < twiceBelow.length; row++) {
            twiceWins += labels.isPositive(row) ? twiceBelow[row] : 0;
        }
        return twiceWins / (2.0 * labels.positives() * labels.negatives());
    }

    /** Twice the scores below, with those that tie counted once. */
    private static int twiceBelow(double[] sorted, double score) {
        int below = firstAtLeast(sorted, score);
        boolean ties = below < sorted.length && sorted[below] == score;
        return below + (ties ? firstAtLeast(sorted, Math.nextUp(score)) : below);
    }

    private static int firstAtLeast(double[] sorted, double score) {
        int low = 0;
        int high = sorted.length;
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

    private static double[] sortedScores(ScoredLabels labels, boolean positive) {
        double[] scores = new double[positive ? labels.positives() : labels.negatives()];
        int next = 0;
        for (int row = 0; row < labels.size(); row++) {
            if (labels.isPositive(row) == positive) {
                scores[next++] = labels.score(row);
            }
        }
        Arrays.sort(scores);
        return scores;
    }
}
