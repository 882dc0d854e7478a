package org.deepcovid.eval.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How the cases of two or more classes fall.
 *
 * @param names of the classes
 * @param counts one row per true class, one column per predicted class, in the order of the names;
 *     unmodifiable
 */
public record ConfusionTable(List<String> names, List<List<Integer>> counts) {

    public ConfusionTable {
        names = List.copyOf(names);
        counts = counts.stream().map(List::copyOf).toList();
        int classes = names.size();
        boolean fits =
                counts.size() == classes
                        && counts.stream().allMatch(row -> row.size() == classes)
                        && counts.stream().flatMap(List::stream).allMatch(count -> count >= 0);
        if (!fits || counts.stream().flatMap(List::stream).allMatch(count -> count == 0)) {
            throw new IllegalArgumentException(
                    "counts are %s; expected %d rows and columns, none negative, some above 0"
                            .formatted(counts, classes));
        }
    }

    /**
     * Counts cases by true class and class of the largest probability.
     *
     * @param scores of the cases
     */
    public static ConfusionTable of(ClassScores scores) {
        int[] once = new int[scores.size()];
        Arrays.fill(once, 1);
        return of(scores, once);
    }

    /** The same where a row counts several times, or not at all. */
    static ConfusionTable of(ClassScores scores, int[] weights) {
        int classes = scores.names().size();
        int[][] counts = new int[classes][classes];
        for (int row = 0; row < weights.length; row++) {
            counts[scores.truth(row)][scores.predicted(row)] += weights[row];
        }
        List<List<Integer>> rows = new ArrayList<>();
        for (int[] row : counts) {
            rows.add(IntStream.of(row).boxed().toList());
        }
        return new ConfusionTable(scores.names(), rows);
    }

    /**
     * The counts of two classes as a table, the positive one first.
     *
     * @param positive name of the positive class
     * @param negative name of the other
     * @param counts at a threshold
     */
    public static ConfusionTable of(String positive, String negative, ConfusionMatrix counts) {
        return new ConfusionTable(
                List.of(positive, negative),
                List.of(
                        List.of(counts.truePositives(), counts.falseNegatives()),
                        List.of(counts.falsePositives(), counts.trueNegatives())));
    }

    /** Number of cases of a true class that are predicted to be of another, or the same. */
    public int count(int truth, int predicted) {
        return counts.get(truth).get(predicted);
    }

    /** Number of cases of a class. */
    public int cases(int truth) {
        return counts.get(truth).stream().mapToInt(Integer::intValue).sum();
    }

    /** All cases, at least 1. */
    public int total() {
        return IntStream.range(0, names.size()).map(this::cases).sum();
    }

    /**
     * The share of the cases of a class that are predicted to be of another, or the same, with the
     * 95 % Wilson interval.
     *
     * @return empty if the class has no cases
     */
    public Optional<Proportion> rowShare(int truth, int predicted) {
        return cases(truth) == 0
                ? Optional.empty()
                : Optional.of(Proportion.of(count(truth, predicted), cases(truth)));
    }

    /**
     * One class against all others.
     *
     * @param positive the class that counts as positive
     */
    public ConfusionMatrix oneVersusRest(int positive) {
        int right = count(positive, positive);
        int predicted = counts.stream().mapToInt(row -> row.get(positive)).sum();
        int missed = cases(positive) - right;
        int falseAlarms = predicted - right;
        return new ConfusionMatrix(
                right, falseAlarms, total() - right - missed - falseAlarms, missed);
    }

    /**
     * Share of the cases that are predicted to be of their class, with the 95 % Wilson interval.
     */
    public Proportion accuracy() {
        return Proportion.of(IntStream.range(0, names.size()).map(c -> count(c, c)).sum(), total());
    }

    /** The mean recall of the classes that have cases, in [0, 1]. */
    public double balancedAccuracy() {
        return IntStream.range(0, names.size())
                .filter(c -> cases(c) > 0)
                .mapToDouble(c -> count(c, c) / (double) cases(c))
                .average()
                .orElseThrow();
    }
}
