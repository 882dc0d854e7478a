package org.deepcovid.eval.metrics;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelSet;

/**
 * True labels and probabilities of the same cases for two or more classes, as immutable columns.
 * Rows and classes are counted from 0.
 */
public final class ClassScores {

    private final List<String> names;
    private final int[] truth;
    private final double[][] probabilities; // [row][class]

    private ClassScores(List<String> names, int[] truth, double[][] probabilities) {
        this.names = names;
        this.truth = truth;
        this.probabilities = probabilities;
    }

    /**
     * Columns of scored images.
     *
     * @param images at least one, all scored for the same labels
     * @return one row per image and one class per label, in the same order
     * @throws IllegalArgumentException if there is no image, or the labels differ
     */
    public static ClassScores of(List<ScoredImage> images) {
        List<LabelSet> labels =
                images.stream().map(image -> image.probabilities().labels()).distinct().toList();
        if (labels.size() != 1) {
            throw new IllegalArgumentException(
                    "%d images are scored for the labels %s; expected some, all for the same"
                            .formatted(images.size(), labels));
        }
        return of(
                labels.get(0).names(),
                images.stream().mapToInt(i -> labels.get(0).indexOf(i.truth())).toArray(),
                images.stream()
                        .map(ScoredImage::probabilities)
                        .map(p -> p.values().stream().mapToDouble(Double::doubleValue).toArray())
                        .toArray(double[][]::new));
    }

    /**
     * Copies the columns.
     *
     * @param names of the classes, at least two different ones
     * @param truth the class of each case
     * @param probabilities one row per case with a number in [0, 1] for each class
     * @throws IllegalArgumentException if there is no row, or one does not fit; names it
     */
    public static ClassScores of(List<String> names, int[] truth, double[][] probabilities) {
        if (names.size() < 2 || new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException(
                    "classes are %s; expected two or more different names".formatted(names));
        }
        if (truth.length == 0 || truth.length != probabilities.length) {
            throw new IllegalArgumentException(
                    "%d labels and %d rows of probabilities; expected as many, at least one"
                            .formatted(truth.length, probabilities.length));
        }
        double[][] copy = new double[truth.length][];
        for (int row = 0; row < truth.length; row++) {
            copy[row] = probabilities[row].clone();
            boolean usable = Arrays.stream(copy[row]).allMatch(p -> p >= 0 && p <= 1);
            if (!usable || copy[row].length != names.size()) {
                throw new IllegalArgumentException(
                        "row %d has the probabilities %s; expected %d numbers in [0, 1] (logits?)"
                                .formatted(row, Arrays.toString(copy[row]), names.size()));
            }
            if (truth[row] < 0 || truth[row] >= names.size()) {
                throw new IllegalArgumentException(
                        "row %d is of class %d; expected 0 to %d"
                                .formatted(row, truth[row], names.size() - 1));
            }
        }
        return new ClassScores(List.copyOf(names), truth.clone(), copy);
    }

    /** Names of the classes, in the order of the probabilities. */
    public List<String> names() {
        return names;
    }

    /** Number of cases, at least 1. */
    public int size() {
        return truth.length;
    }

    /** The class of a case. */
    public int truth(int row) {
        return truth[row];
    }

    /** The probability of a class of a case. */
    public double probability(int row, int c) {
        return probabilities[row][c];
    }

    /** The class of the largest probability of a case; of equal ones the first. */
    public int predicted(int row) {
        int best = 0;
        for (int c = 1; c < names.size(); c++) {
            best = probabilities[row][c] > probabilities[row][best] ? c : best;
        }
        return best;
    }

    /**
     * One class against all others, as two classes.
     *
     * @param positive the class whose cases are positive and whose probability is the score
     * @return the same rows, without ids
     */
    public ScoredLabels oneVersusRest(int positive) {
        boolean[] cases = new boolean[size()];
        double[] scores = new double[size()];
        for (int row = 0; row < cases.length; row++) {
            cases[row] = truth[row] == positive;
            scores[row] = probabilities[row][positive];
        }
        return ScoredLabels.ofProbabilities(cases, scores);
    }

    @Override
    public String toString() {
        return "ClassScores[%d cases, classes %s]".formatted(size(), names);
    }
}
