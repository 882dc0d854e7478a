package org.deepcovid.eval.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Refuses columns that no metric could use; collects the unusable rows into one message. */
final class ScoredLabelsChecks {

    private static final int ROWS_NAMED = 5;

    private ScoredLabelsChecks() {}

    static void requireUsable(
            boolean[] truth, double[] scores, List<String> ids, ScoreScale scale) {
        if (truth.length != scores.length) {
            throw new IllegalArgumentException(
                    "%d labels but %d scores: row %d has no %s; expected one score a label"
                            .formatted(
                                    truth.length,
                                    scores.length,
                                    Math.min(truth.length, scores.length),
                                    truth.length < scores.length ? "label" : "score"));
        }
        if (truth.length == 0) {
            throw new IllegalArgumentException("there are 0 rows; expected at least one case");
        }
        requireDistinct(ids);
        requireOnScale(scores, ids, scale);
    }

    static void requireIdForEveryRow(List<String> ids, int rows) {
        if (ids.size() != rows) {
            throw new IllegalArgumentException(
                    "%d ids but %d labels: row %d has no %s; expected one id a label"
                            .formatted(
                                    ids.size(),
                                    rows,
                                    Math.min(ids.size(), rows),
                                    ids.size() < rows ? "id" : "label"));
        }
    }

    static void requireSameCases(ScoredLabels first, ScoredLabels second) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException(
                    "%d cases cannot be paired with %d; expected scores of the same cases"
                            .formatted(first.size(), second.size()));
        }
        boolean named = !first.ids().isEmpty() && !second.ids().isEmpty();
        for (int row = 0; row < first.size(); row++) {
            if (named && !first.ids().get(row).equals(second.ids().get(row))) {
                throw new IllegalArgumentException(
                        "row %d is '%s' in one list and '%s' in the other; sort both alike"
                                .formatted(row, first.ids().get(row), second.ids().get(row)));
            }
            if (first.isPositive(row) != second.isPositive(row)) {
                throw new IllegalArgumentException(
                        "row %d is positive in one list and negative in the other; sort both alike"
                                .formatted(row));
            }
        }
    }

    private static void requireDistinct(List<String> ids) {
        Map<String, Integer> rowOf = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (int row = 0; row < ids.size(); row++) {
            Integer before = rowOf.putIfAbsent(ids.get(row), row);
            if (before != null) {
                problems.add("rows %d and %d are both '%s'".formatted(before, row, ids.get(row)));
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "%d repeated ids: %s; expected distinct ids (was a case scored twice?)"
                            .formatted(problems.size(), firstOf(problems)));
        }
    }

    private static void requireOnScale(double[] scores, List<String> ids, ScoreScale scale) {
        List<String> problems = new ArrayList<>();
        boolean finite = true;
        int unusable = 0;
        for (int row = 0; row < scores.length; row++) {
            if (!isOnScale(scores[row], scale)) {
                unusable++;
                finite &= Double.isFinite(scores[row]);
                if (problems.size() <= ROWS_NAMED) {
                    problems.add(describe(row, ids, scores[row]));
                }
            }
        }
        if (unusable > 0) {
            throw new IllegalArgumentException(
                    "%d of %d scores are unusable: %s; expected %s%s"
                            .formatted(
                                    unusable,
                                    scores.length,
                                    firstOf(problems),
                                    scale == ScoreScale.PROBABILITY ? "[0, 1]" : "finite numbers",
                                    finite ? " (logits? apply a sigmoid, or use ofScores)" : ""));
        }
    }

    private static boolean isOnScale(double score, ScoreScale scale) {
        return switch (scale) {
            case PROBABILITY -> score >= 0 && score <= 1; // NaN fails too
            case ORDER_ONLY -> Double.isFinite(score);
        };
    }

    private static String describe(int row, List<String> ids, double score) {
        return ids.isEmpty()
                ? "row %d is %s".formatted(row, score)
                : "row %d ('%s') is %s".formatted(row, ids.get(row), score);
    }

    private static String firstOf(List<String> problems) {
        String named =
                String.join(", ", problems.subList(0, Math.min(problems.size(), ROWS_NAMED)));
        return problems.size() > ROWS_NAMED ? named + ", ..." : named;
    }
}
