package org.deepcovid.eval.metrics.calibration;

import java.util.Optional;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Logistic recalibration of test scores: logit of the true probability = slope x logit of the score
 * + intercept (D. R. Cox, 1958, doi 10.1093/biomet/45.3-4.562). Perfect calibration has slope 1 and
 * intercept 0. A slope below 1 means scores too extreme, as of an overfitted model; {@code
 * calibrationInTheLarge} above 0 means scores too low on the whole.
 *
 * @param slope of the line
 * @param intercept of the line, at that slope
 * @param calibrationInTheLarge intercept where the slope is held at 1
 */
public record CalibrationLine(
        Coefficient slope, Coefficient intercept, Coefficient calibrationInTheLarge) {

    /**
     * One estimate of a logistic model.
     *
     * @param estimate maximum likelihood
     * @param standardError from the information matrix, above 0
     * @param interval normal approximation
     */
    public record Coefficient(double estimate, double standardError, ConfidenceInterval interval) {}

    /**
     * Fits the line with 95 % intervals, for independent cases.
     *
     * @param labels probabilities of both classes
     * @return empty if the scores separate the classes (ties at the border included), where the
     *     line would be infinitely steep
     */
    public static Optional<CalibrationLine> fit(ScoredLabels labels) {
        return fit(labels, ConfidenceInterval.DEFAULT_LEVEL);
    }

    /**
     * Fits the line, for independent cases.
     *
     * @param labels probabilities of both classes
     * @param level confidence level in (0, 1)
     * @return empty if the scores separate the classes (ties at the border included), where the
     *     line would be infinitely steep
     */
    public static Optional<CalibrationLine> fit(ScoredLabels labels, double level) {
        labels.requireProbabilities("the calibration line");
        labels.requireBothClasses("the calibration line");
        double[] logits = LogisticFit.logits(labels);
        if (separates(labels, logits)) {
            return Optional.empty();
        }
        double[] targets = LogisticFit.targets(labels, 1, 0);
        LogisticFit line = LogisticFit.slopeAndIntercept(logits, targets);
        LogisticFit shift = LogisticFit.interceptOnly(logits, targets);
        return Optional.of(
                new CalibrationLine(
                        coefficient(line.slope(), line.slopeError(), level),
                        coefficient(line.intercept(), line.interceptError(), level),
                        coefficient(shift.intercept(), shift.interceptError(), level)));
    }

    /** Whether one class nowhere exceeds the other, which leaves the likelihood no maximum. */
    private static boolean separates(ScoredLabels labels, double[] logits) {
        double[] lowest = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] highest = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int row = 0; row < logits.length; row++) {
            int kind = labels.isPositive(row) ? 1 : 0;
            lowest[kind] = Math.min(lowest[kind], logits[row]);
            highest[kind] = Math.max(highest[kind], logits[row]);
        }
        return highest[0] <= lowest[1] || highest[1] <= lowest[0];
    }

    private static Coefficient coefficient(double estimate, double error, double level) {
        return new Coefficient(estimate, error, ConfidenceInterval.normal(estimate, error, level));
    }
}
