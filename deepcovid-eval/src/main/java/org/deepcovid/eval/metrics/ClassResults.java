package org.deepcovid.eval.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Results for two or more classes. The predicted class is that of the largest probability; each
 * class is also measured against all others.
 *
 * @param confusion cases by true and predicted class
 * @param classes one per class, in the order of the scores; unmodifiable
 */
public record ClassResults(ConfusionTable confusion, List<OneVersusRest> classes) {

    public ClassResults {
        classes = List.copyOf(classes);
    }

    /**
     * One class against all others.
     *
     * @param name of the class
     * @param rates of the predicted class; recall is {@link BinaryRates#sensitivity()}, precision
     *     {@link BinaryRates#positivePredictiveValue()}
     * @param roc of the probability of the class; empty if it has no cases
     * @param precisionRecall of the same; empty if the class has no cases
     */
    public record OneVersusRest(
            String name,
            BinaryRates rates,
            Optional<RocCurve> roc,
            Optional<PrecisionRecallCurve> precisionRecall) {

        /** Number of cases of the class. */
        public int cases() {
            return rates.counts().positives();
        }
    }

    /** Measures of one class against the others. */
    public enum Measure {
        /** Share of the cases predicted to be of the class that are. */
        PRECISION,
        /** Share of the cases of the class that are predicted to be. */
        RECALL,
        /** The harmonic mean of precision and recall. */
        F1,
        /** Area under the ROC curve of the class's probability. */
        AUC,
        /** Average precision of the class's probability. */
        AVERAGE_PRECISION;

        /**
         * The measure of one class.
         *
         * @return empty where it is undefined, such as the precision of a class that no case is
         *     predicted to be of
         */
        public OptionalDouble of(OneVersusRest one) {
            ConfusionMatrix counts = one.rates().counts();
            return switch (this) {
                case PRECISION -> share(counts.truePositives(), counts.calledPositive());
                case RECALL -> share(counts.truePositives(), counts.positives());
                case F1 -> one.rates().f1();
                case AUC -> optional(one.roc().map(RocCurve::auc));
                case AVERAGE_PRECISION ->
                        optional(one.precisionRecall().map(PrecisionRecallCurve::averagePrecision));
            };
        }

        private static OptionalDouble share(int part, int total) {
            return total == 0 ? OptionalDouble.empty() : OptionalDouble.of(part / (double) total);
        }

        private static OptionalDouble optional(Optional<Double> value) {
            return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
        }
    }

    /** Averages over the classes that have cases. */
    public enum Average {
        /** Every class has the same weight. */
        MACRO,
        /** Every class is weighted by its number of cases. */
        WEIGHTED
    }

    /**
     * Computes the results. Takes O(K n log n) time.
     *
     * @param scores of cases of at least two classes
     * @throws IllegalArgumentException if all cases are of one class
     */
    public static ClassResults of(ClassScores scores) {
        ConfusionTable table = ConfusionTable.of(scores);
        List<ScoredLabels> columns =
                IntStream.range(0, scores.names().size()).mapToObj(scores::oneVersusRest).toList();
        if (columns.stream().anyMatch(column -> column.negatives() == 0)) {
            throw new IllegalArgumentException(
                    "all %d cases are of one class; expected two or more".formatted(scores.size()));
        }
        return of(table, columns);
    }

    private static ClassResults of(ConfusionTable table, List<ScoredLabels> columns) {
        List<OneVersusRest> classes = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            Optional<ScoreGroups> groups =
                    Optional.of(columns.get(c))
                            .filter(column -> column.positives() > 0)
                            .map(ScoreGroups::of);
            classes.add(
                    new OneVersusRest(
                            table.names().get(c),
                            BinaryRates.of(table.oneVersusRest(c)),
                            groups.map(RocCurve::new),
                            groups.map(PrecisionRecallCurve::new)));
        }
        return new ClassResults(table, classes);
    }

    /**
     * The mean of a measure over the classes that have cases. A class that no case is predicted to
     * be of counts with a precision of 0, as in scikit-learn.
     *
     * @param average how the classes are weighted
     * @param measure of each class
     * @return in [0, 1]
     */
    public double average(Average average, Measure measure) {
        double sum = 0;
        double weights = 0;
        for (OneVersusRest one : classes) {
            if (one.cases() > 0) {
                double weight = average == Average.MACRO ? 1 : one.cases();
                sum += weight * measure.of(one).orElse(0);
                weights += weight;
            }
        }
        return sum / weights;
    }

    /** Builds the results of weighted rows. */
    static final class Replicates {

        private final ClassScores scores;
        private final List<Resampler.Replicates> columns;

        Replicates(ClassScores scores) {
            this.scores = scores;
            this.columns =
                    IntStream.range(0, scores.names().size())
                            .mapToObj(c -> new Resampler.Replicates(scores.oneVersusRest(c)))
                            .toList();
        }

        ClassResults replicate(int[] weights) {
            return of(
                    ConfusionTable.of(scores, weights),
                    columns.stream().map(column -> column.replicate(weights)).toList());
        }
    }
}
