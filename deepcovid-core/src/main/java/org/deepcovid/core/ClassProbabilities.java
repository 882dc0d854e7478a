package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;

/**
 * A classifier's probabilities for one image.
 *
 * @param labels the classifier's labels
 * @param values one for each label, in [0, 1], in the order of the labels; their sum is 1 up to
 *     rounding
 */
public record ClassProbabilities(LabelSet labels, List<Double> values) {

    private static final double ROUNDING = 1e-4;

    public ClassProbabilities {
        requireNonNull(labels, "labels is null");
        values = List.copyOf(values);
        double sum = 0;
        for (double value : values) {
            sum += value >= 0 && value <= 1 ? value : Double.NaN; // NaN fails too
        }
        if (values.size() != labels.labels().size() || !(Math.abs(sum - 1) <= ROUNDING)) {
            throw new IllegalArgumentException(
                    ("probabilities of %s are %s; expected one for each label, in [0, 1], with the"
                                    + " sum 1 (logits?)")
                            .formatted(labels.labels(), values));
        }
    }

    /** As the constructor; the array is copied. */
    public static ClassProbabilities of(LabelSet labels, double[] values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(value);
        }
        return new ClassProbabilities(labels, list);
    }

    /**
     * Probabilities of {@link LabelSet#COVID}.
     *
     * @param covid probability of {@link Label#COVID}
     */
    public static ClassProbabilities ofCovid(double covid) {
        return of(LabelSet.COVID, new double[] {1 - covid, covid});
    }

    /**
     * The probabilities of the mean logits: the geometric means, divided by their sum.
     *
     * @param all of one image and the same labels, at least one
     */
    public static ClassProbabilities meanOfLogits(List<ClassProbabilities> all) {
        LabelSet labels = all.get(0).labels;
        double[] means = new double[labels.labels().size()];
        for (int i = 0; i < means.length; i++) {
            int label = i;
            means[i] =
                    Math.exp(
                            all.stream()
                                    .mapToDouble(
                                            p ->
                                                    Math.log(
                                                            Math.max(
                                                                    Double.MIN_NORMAL,
                                                                    p.values.get(label))))
                                    .average()
                                    .orElseThrow());
        }
        double sum = Arrays.stream(means).sum();
        return of(labels, Arrays.stream(means).map(mean -> mean / sum).toArray());
    }

    /** The probability of a label. */
    public double of(Label label) {
        return values.get(labels.indexOf(label));
    }

    /** The probability of the positive label, which thresholds and binary metrics use. */
    public double positive() {
        return of(labels.positive());
    }

    /** The label of the largest probability; of equal ones the first. */
    public Label mostLikely() {
        int best = 0;
        for (int i = 1; i < values.size(); i++) {
            best = values.get(i) > values.get(best) ? i : best;
        }
        return labels.labels().get(best);
    }
}
