package org.deepcovid.eval.metrics;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.RandomAccess;
import java.util.function.BiFunction;

/**
 * The distinct scores in descending order, with the number of cases of each class that score at
 * least as much. Group 0 is the threshold of positive infinity, which no case reaches; tied cases
 * share a group.
 */
final class ScoreGroups {

    private final double[] thresholds;
    private final int[] truePositives;
    private final int[] falsePositives;

    private ScoreGroups(double[] thresholds, int[] truePositives, int[] falsePositives) {
        this.thresholds = thresholds;
        this.truePositives = truePositives;
        this.falsePositives = falsePositives;
    }

    static ScoreGroups of(ScoredLabels labels) {
        double[] positive = labels.sortedScoresOf(true);
        double[] negative = labels.sortedScoresOf(false);
        double[] thresholds = new double[labels.size() + 1];
        int[] truePositives = new int[labels.size() + 1];
        int[] falsePositives = new int[labels.size() + 1];
        thresholds[0] = Double.POSITIVE_INFINITY;
        int group = 0;
        int p = positive.length;
        int n = negative.length;
        while (p > 0 || n > 0) {
            double score = highest(positive, p, negative, n);
            p = skip(positive, p, score);
            n = skip(negative, n, score);
            group++;
            thresholds[group] = score;
            truePositives[group] = positive.length - p;
            falsePositives[group] = negative.length - n;
        }
        return new ScoreGroups(
                Arrays.copyOf(thresholds, group + 1),
                Arrays.copyOf(truePositives, group + 1),
                Arrays.copyOf(falsePositives, group + 1));
    }

    private static double highest(double[] positive, int p, double[] negative, int n) {
        if (p == 0) {
            return negative[n - 1];
        }
        return n == 0 ? positive[p - 1] : Math.max(positive[p - 1], negative[n - 1]);
    }

    private static int skip(double[] ascending, int end, double score) {
        int next = end;
        while (next > 0 && ascending[next - 1] == score) {
            next--;
        }
        return next;
    }

    /** Number of groups, the one at infinity included; at least 2. */
    int size() {
        return thresholds.length;
    }

    /** Points of the groups from the given one, created on access. */
    <T> List<T> view(int first, BiFunction<Double, ConfusionMatrix, T> point) {
        return new View<>(first, point);
    }

    private final class View<T> extends AbstractList<T> implements RandomAccess {

        private final int first;
        private final BiFunction<Double, ConfusionMatrix, T> point;

        View(int first, BiFunction<Double, ConfusionMatrix, T> point) {
            this.first = first;
            this.point = point;
        }

        @Override
        public T get(int index) {
            int group = first + Objects.checkIndex(index, size());
            return point.apply(thresholds[group], counts(group));
        }

        @Override
        public int size() {
            return ScoreGroups.this.size() - first;
        }
    }

    int truePositives(int group) {
        return truePositives[group];
    }

    int falsePositives(int group) {
        return falsePositives[group];
    }

    int positives() {
        return truePositives[size() - 1];
    }

    int negatives() {
        return falsePositives[size() - 1];
    }

    /** Cases of the positive class that score exactly the threshold of the group, from group 1. */
    int positivesIn(int group) {
        return truePositives[group] - truePositives[group - 1];
    }

    /** Cases of the negative class that score exactly the threshold of the group, from group 1. */
    int negativesIn(int group) {
        return falsePositives[group] - falsePositives[group - 1];
    }

    ConfusionMatrix counts(int group) {
        return new ConfusionMatrix(
                truePositives[group],
                falsePositives[group],
                negatives() - falsePositives[group],
                positives() - truePositives[group]);
    }

    /** The first group, from the highest scores, whose sensitivity is at least the target. */
    int firstWithSensitivity(double target) {
        int group = 1;
        while (truePositives[group] / (double) positives() < target) {
            group++;
        }
        return group;
    }

    /** The last group, from the highest scores, whose specificity is at least the target. */
    int lastWithSpecificity(double target) {
        int group = size() - 1;
        while ((negatives() - falsePositives[group]) / (double) negatives() < target) {
            group--;
        }
        return group;
    }

    /**
     * A threshold halfway between the scores of a group and of the next one; the score itself for
     * the last group, empty for group 0, at which no case is called positive.
     */
    OptionalDouble midpointBelow(int group) {
        if (group == 0) {
            return OptionalDouble.empty();
        }
        double score = thresholds[group];
        if (group == size() - 1) {
            return OptionalDouble.of(score);
        }
        double lower = thresholds[group + 1];
        double middle = 0.5 * lower + 0.5 * score;
        // Neighbouring doubles have no value between them.
        return OptionalDouble.of(middle > lower && middle <= score ? middle : score);
    }

    /** The last group whose cases are all called positive at the given threshold. */
    int groupAt(double threshold) {
        int low = 0;
        int high = size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (thresholds[middle] >= threshold) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
