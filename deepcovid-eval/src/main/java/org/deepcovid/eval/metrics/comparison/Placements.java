package org.deepcovid.eval.metrics.comparison;

import java.util.Arrays;
import org.deepcovid.eval.metrics.ScoredLabels;

/** The share of the other class that a case is on the right side of, ties counted half. */
final class Placements {

    private final ScoredLabels labels;
    private final double[] positives;
    private final double[] negatives;

    Placements(ScoredLabels labels) {
        this.labels = labels;
        this.positives = sortedScores(labels, true);
        this.negatives = sortedScores(labels, false);
    }

    double of(int row) {
        double score = labels.score(row);
        if (labels.isPositive(row)) {
            return (below(negatives, score) + notAbove(negatives, score))
                    / (2.0 * negatives.length);
        }
        return 1
                - (below(positives, score) + notAbove(positives, score)) / (2.0 * positives.length);
    }

    private static double below(double[] sorted, double score) {
        return firstAtLeast(sorted, score);
    }

    private static double notAbove(double[] sorted, double score) {
        return firstAtLeast(sorted, Math.nextUp(score));
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
