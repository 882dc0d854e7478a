package org.deepcovid.eval.metrics.calibration;

import java.util.OptionalDouble;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * The average predicted probability of each class, as in the Deep-COVID paper (S. Minaee et al.,
 * 2020, doi 10.1016/j.media.2020.101794).
 *
 * @param ofPositives mean score of the positive cases, empty if there are none
 * @param ofNegatives mean score of the negative cases, empty if there are none
 */
public record ClassAverages(OptionalDouble ofPositives, OptionalDouble ofNegatives) {

    /**
     * Averages the scores.
     *
     * @param labels with probabilities
     * @return one mean per class
     */
    public static ClassAverages of(ScoredLabels labels) {
        labels.requireProbabilities("the average prediction");
        return new ClassAverages(mean(labels, true), mean(labels, false));
    }

    private static OptionalDouble mean(ScoredLabels labels, boolean positive) {
        double sum = 0;
        for (int row = 0; row < labels.size(); row++) {
            sum += labels.isPositive(row) == positive ? labels.score(row) : 0;
        }
        int count = positive ? labels.positives() : labels.negatives();
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
    }

    /**
     * How far the averages are apart, the discrimination slope (J. F. Yates, Organizational
     * Behavior and Human Performance 30, 1982).
     *
     * @return in [-1, 1], or empty if a class is absent
     */
    public OptionalDouble difference() {
        return ofPositives.isEmpty() || ofNegatives.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(ofPositives.getAsDouble() - ofNegatives.getAsDouble());
    }
}
