package org.deepcovid.eval.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.deepcovid.core.ScoredImage;

/**
 * True labels and scores of the same cases, as immutable columns: row {@code i} of each column
 * belongs to case {@code i}. A higher score indicates the positive class. Rows are counted from 0.
 *
 * <p>Every factory copies its arguments and rejects, naming the row: no rows, columns of different
 * lengths, NaN or infinite scores, probabilities outside [0, 1] and repeated ids. A single class is
 * accepted here and rejected by the metrics that need both. A score of -0.0 is stored as 0.0, so
 * that the two tie.
 */
public final class ScoredLabels {

    private static final int ROWS_NAMED = 5;

    private final boolean[] truth;
    private final double[] scores;
    private final List<String> ids; // empty: rows are known by their index alone
    private final Scale scale;
    private final int positives;

    private ScoredLabels(boolean[] truth, double[] scores, List<String> ids, Scale scale) {
        this.truth = truth;
        this.scores = scores;
        this.ids = ids;
        this.scale = scale;
        this.positives = (int) IntStream.range(0, truth.length).filter(row -> truth[row]).count();
    }

    /**
     * Columns of scored images; the image ids become the ids of the rows, the positive label the
     * positive class and all others the negative one.
     *
     * @param images at least one, with distinct ids
     * @return one row per image, in the same order
     * @throws IllegalArgumentException if there is no image or an id occurs twice
     */
    public static ScoredLabels of(List<ScoredImage> images) {
        boolean[] truth = new boolean[images.size()];
        double[] scores = new double[images.size()];
        String[] ids = new String[images.size()];
        int row = 0;
        for (ScoredImage image : images) {
            truth[row] = image.isPositive();
            scores[row] = image.positiveProbability();
            ids[row++] = image.imageId();
        }
        return checked(truth, scores, List.of(ids), Scale.PROBABILITY);
    }

    /**
     * Columns of labels and probabilities of the positive class.
     *
     * @param truth whether each case is positive
     * @param probabilities in [0, 1], as long as {@code truth}
     * @return the same rows, without ids
     * @throws IllegalArgumentException if the columns are empty, of different lengths, or hold a
     *     value that is no probability
     */
    public static ScoredLabels ofProbabilities(boolean[] truth, double[] probabilities) {
        return checked(truth.clone(), probabilities.clone(), List.of(), Scale.PROBABILITY);
    }

    /**
     * As {@link #ofProbabilities(boolean[], double[])}, with an id for every row.
     *
     * @param ids distinct, as many as rows
     * @param truth whether each case is positive
     * @param probabilities in [0, 1], as long as {@code truth}
     * @throws IllegalArgumentException if the columns are empty, of different lengths, hold a value
     *     that is no probability, or an id twice
     */
    public static ScoredLabels ofProbabilities(
            List<String> ids, boolean[] truth, double[] probabilities) {
        requireIdForEveryRow(ids, truth.length);
        return checked(truth.clone(), probabilities.clone(), List.copyOf(ids), Scale.PROBABILITY);
    }

    /**
     * Columns of labels and scores of which only the order counts, such as logits. Usable for ROC
     * and precision-recall curves; rejected where probabilities are needed.
     *
     * @param truth whether each case is positive
     * @param scores finite, as long as {@code truth}
     * @return the same rows, without ids
     * @throws IllegalArgumentException if the columns are empty, of different lengths, or hold a
     *     value that is not finite
     */
    public static ScoredLabels ofScores(boolean[] truth, double[] scores) {
        return checked(truth.clone(), scores.clone(), List.of(), Scale.ORDER_ONLY);
    }

    private static ScoredLabels checked(
            boolean[] truth, double[] scores, List<String> ids, Scale scale) {
        requireUsable(truth, scores, ids, scale);
        for (int row = 0; row < scores.length; row++) {
            scores[row] += 0.0; // -0.0 becomes 0.0
        }
        return new ScoredLabels(truth, scores, ids, scale);
    }

    /**
     * The same cases with other scores, such as calibrated ones.
     *
     * @param newScale what the new scores mean
     * @param change applied to every score
     * @throws IllegalArgumentException if a new score does not fit the new scale
     */
    public ScoredLabels withScores(Scale newScale, DoubleUnaryOperator change) {
        return checked(truth, Arrays.stream(scores).map(change).toArray(), ids, newScale);
    }

    /**
     * The rows that satisfy a condition, in the same order.
     *
     * @param wanted called with each row index from 0
     * @return the chosen rows with their ids, or empty if there are none
     */
    public Optional<ScoredLabels> where(IntPredicate wanted) {
        int[] rows = IntStream.range(0, size()).filter(wanted).toArray();
        return rows.length == 0 ? Optional.empty() : Optional.of(select(rows));
    }

    private ScoredLabels select(int[] rows) {
        return select(rows, ids.isEmpty() ? ids : Arrays.stream(rows).mapToObj(ids::get).toList());
    }

    /** Rows that may repeat, as a bootstrap draws them; repeated rows cannot keep their ids. */
    ScoredLabels draw(int[] rows) {
        return select(rows, List.of());
    }

    private ScoredLabels select(int[] rows, List<String> chosenIds) {
        boolean[] chosenTruth = new boolean[rows.length];
        double[] chosenScores = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            chosenTruth[i] = truth[rows[i]];
            chosenScores[i] = scores[rows[i]];
        }
        return new ScoredLabels(chosenTruth, chosenScores, chosenIds, scale);
    }

    /** Number of cases, at least 1. */
    public int size() {
        return truth.length;
    }

    /** Number of positive cases, 0 to {@link #size()}. */
    public int positives() {
        return positives;
    }

    /** Number of negative cases, 0 to {@link #size()}. */
    public int negatives() {
        return size() - positives;
    }

    /** The share of positive cases, in [0, 1]. */
    public double prevalence() {
        return positives / (double) size();
    }

    /**
     * The label of one case.
     *
     * @param row from 0
     * @return whether the case is positive
     */
    public boolean isPositive(int row) {
        return truth[row];
    }

    /**
     * The score of one case.
     *
     * @param row from 0
     * @return finite; in [0, 1] if {@link #scale()} is {@link Scale#PROBABILITY}
     */
    public double score(int row) {
        return scores[row];
    }

    /** The ids of the rows; one distinct id per row, or an empty list if the rows have none. */
    public List<String> ids() {
        return ids;
    }

    /**
     * What the scores mean.
     *
     * @return whether they are probabilities
     */
    public Scale scale() {
        return scale;
    }

    /** The scores of one class, in ascending order. */
    double[] sortedScoresOf(boolean positive) {
        double[] chosen = new double[positive ? positives() : negatives()];
        int next = 0;
        for (int row = 0; row < truth.length; row++) {
            if (truth[row] == positive) {
                chosen[next++] = scores[row];
            }
        }
        Arrays.sort(chosen);
        return chosen;
    }

    /** Whether there is at least one positive and one negative case. */
    public boolean hasBothClasses() {
        return positives() > 0 && negatives() > 0;
    }

    /**
     * Refuses labels of one class only.
     *
     * @param metric what needs both classes, for the message
     * @throws IllegalArgumentException if there is no positive or no negative case
     */
    public void requireBothClasses(String metric) {
        if (!hasBothClasses()) {
            throw new IllegalArgumentException(
                    "the list of %d cases has 0 %s cases; %s needs both classes"
                            .formatted(size(), positives() == 0 ? "positive" : "negative", metric));
        }
    }

    /**
     * Refuses scores of which only the order is known.
     *
     * @param metric what needs probabilities, for the message
     * @throws IllegalArgumentException if {@link #scale()} is not {@link Scale#PROBABILITY}
     */
    public void requireProbabilities(String metric) {
        if (scale != Scale.PROBABILITY) {
            throw new IllegalArgumentException(
                    metric
                            + " needs probabilities in [0, 1] but these scores only give an order;"
                            + " use ofProbabilities, after a sigmoid if they are logits");
        }
    }

    /**
     * Refuses to pair these cases with others.
     *
     * @param other must have the same labels and, if both have ids, the same ids in the same order
     * @throws IllegalArgumentException naming the first row that differs
     */
    public void requireSameCases(ScoredLabels other) {
        if (size() != other.size()) {
            throw new IllegalArgumentException(
                    "%d cases cannot be paired with %d; expected scores of the same cases"
                            .formatted(size(), other.size()));
        }
        boolean named = !ids.isEmpty() && !other.ids.isEmpty();
        for (int row = 0; row < size(); row++) {
            if (named && !ids.get(row).equals(other.ids.get(row))) {
                throw new IllegalArgumentException(
                        "row %d is '%s' in one list and '%s' in the other; sort both alike"
                                .formatted(row, ids.get(row), other.ids.get(row)));
            }
            if (truth[row] != other.truth[row]) {
                throw new IllegalArgumentException(
                        "row %d is positive in one list and negative in the other; sort both alike"
                                .formatted(row));
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScoredLabels that
                && scale == that.scale
                && Arrays.equals(truth, that.truth)
                && Arrays.equals(scores, that.scores)
                && ids.equals(that.ids);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(truth) + Arrays.hashCode(scores);
    }

    @Override
    public String toString() {
        return "ScoredLabels[%d positive, %d negative, %s]"
                .formatted(positives(), negatives(), scale);
    }

    private static void requireUsable(
            boolean[] truth, double[] scores, List<String> ids, Scale scale) {
        if (truth.length != scores.length) {
            throw new IllegalArgumentException(
                    "%d labels but %d scores: row %d has no %s; expected one score per label"
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

    private static void requireIdForEveryRow(List<String> ids, int rows) {
        if (ids.size() != rows) {
            throw new IllegalArgumentException(
                    "%d ids but %d labels: row %d has no %s; expected one id per label"
                            .formatted(
                                    ids.size(),
                                    rows,
                                    Math.min(ids.size(), rows),
                                    ids.size() < rows ? "id" : "label"));
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

    private static void requireOnScale(double[] scores, List<String> ids, Scale scale) {
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
                                    scale == Scale.PROBABILITY ? "[0, 1]" : "finite numbers",
                                    finite ? " (logits? apply a sigmoid, or use ofScores)" : ""));
        }
    }

    private static boolean isOnScale(double score, Scale scale) {
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

    /** What the scores of a {@link ScoredLabels} mean beyond their order. */
    public enum Scale {
        /**
         * Probabilities of the positive class, in [0, 1]; needed for everything about calibration.
         */
        PROBABILITY,
        /** Any finite numbers of which only the order counts, such as logits or distances. */
        ORDER_ONLY
    }
}
