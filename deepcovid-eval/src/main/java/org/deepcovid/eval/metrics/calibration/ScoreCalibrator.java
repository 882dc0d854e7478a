package org.deepcovid.eval.metrics.calibration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.eval.metrics.ClassScores;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Maps scores to better calibrated probabilities. Fit on validation cases, apply to test cases.
 *
 * <p>Probabilities are converted to logits. Those nearer than {@value #CLAMP} to 0 or 1 are first
 * moved to that distance, since single precision cannot tell 1 - 0.00000006 from 1, whose logit is
 * infinite. Scores beyond the clamp therefore tie afterwards.
 */
public sealed interface ScoreCalibrator {

    /** Nearest distance of a probability to 0 or 1, for its logit to be taken. */
    double CLAMP = LogisticFit.CLAMP;

    /**
     * Fits the temperature with the highest likelihood of the labels.
     *
     * @param validation with probabilities
     * @return empty if there is none: every case is on the right side of 0.5 (the best temperature
     *     would be 0), or the scores do no better than a constant 0.5 at any temperature
     * @throws IllegalArgumentException if the scores are not probabilities, or a class is absent
     */
    static Optional<TemperatureScaling> temperatureScaling(ScoredLabels validation) {
        validation.requireProbabilities("temperature scaling");
        validation.requireBothClasses("temperature scaling");
        double[] logits = LogisticFit.logits(validation);
        double[] targets = LogisticFit.targets(validation, 1, 0);
        double agreement = 0;
        boolean anyWrong = false;
        for (int row = 0; row < logits.length; row++) {
            double forTruth = targets[row] == 1 ? logits[row] : -logits[row];
            agreement += forTruth;
            anyWrong |= forTruth < 0;
        }
        return anyWrong && agreement > 0
                ? Optional.of(
                        new TemperatureScaling(1 / LogisticFit.slopeOnly(logits, targets).slope()))
                : Optional.empty();
    }

    /**
     * Fits the temperature with the highest likelihood of the labels, for two or more labels.
     *
     * @param validation scores of cases that the model was not fitted to
     * @return empty if there is none, as for two labels
     */
    static Optional<TemperatureScaling> temperatureScaling(ClassScores validation) {
        return TemperatureFit.of(validation).map(TemperatureScaling::new);
    }

    /**
     * Fits a logistic curve by maximum likelihood to Platt's smoothed labels, (positives + 1) /
     * (positives + 2) for positive cases and 1 / (negatives + 2) for negative ones, with which the
     * fit stays finite also where the scores separate the classes.
     *
     * @param validation probabilities of both classes, not all equal
     * @throws IllegalArgumentException if the scores are not probabilities or all equal, or a class
     *     is absent
     */
    static PlattScaling plattScaling(ScoredLabels validation) {
        validation.requireProbabilities("Platt scaling");
        validation.requireBothClasses("Platt scaling");
        double[] logits = LogisticFit.logits(validation);
        if (Arrays.stream(logits).allMatch(logit -> logit == logits[0])) {
            throw new IllegalArgumentException(
                    "all %d validation scores are %s; expected scores that differ (is the model trained?)"
                            .formatted(logits.length, LogisticFit.sigmoid(logits[0])));
        }
        double high = (validation.positives() + 1.0) / (validation.positives() + 2);
        double low = 1.0 / (validation.negatives() + 2);
        LogisticFit fit =
                LogisticFit.slopeAndIntercept(logits, LogisticFit.targets(validation, high, low));
        return new PlattScaling(fit.slope(), fit.intercept());
    }

    /**
     * Calibrates one score.
     *
     * @param probability in [0, 1]
     * @return in (0, 1)
     */
    double calibrate(double probability);

    /**
     * Calibrates all scores.
     *
     * @param labels with probabilities
     * @return the same cases with calibrated probabilities
     */
    default ScoredLabels calibrate(ScoredLabels labels) {
        labels.requireProbabilities("calibration");
        return labels.withScores(ScoredLabels.Scale.PROBABILITY, this::calibrate);
    }

    /** The calibrator in words, for reports; one line without a full stop. */
    String describe();

    /**
     * Divides all logits by one temperature (C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, On
     * Calibration of Modern Neural Networks, 2017, arXiv 1706.04599). Keeps the order of the scores
     * and the decisions at 0.5.
     *
     * @param temperature finite; above 1 for an overconfident model, between 0 and 1 for an
     *     underconfident one
     */
    record TemperatureScaling(double temperature) implements ScoreCalibrator {

        public TemperatureScaling {
            if (!(temperature > 0 && Double.isFinite(temperature))) {
                throw new IllegalArgumentException(
                        "temperature is %s; expected a finite number above 0"
                                .formatted(temperature));
            }
        }

        @Override
        public double calibrate(double probability) {
            return LogisticFit.sigmoid(LogisticFit.logit(probability) / temperature);
        }

        @Override
        public String describe() {
            return String.format(
                    Locale.ROOT, "temperature scaling, logits divided by %.4g", temperature);
        }
    }

    /**
     * A logistic curve through the logits: probability = sigmoid(slope x logit + intercept) (J.
     * Platt, Probabilistic Outputs for Support Vector Machines, 1999). Unlike a temperature it also
     * changes the decisions at 0.5, which corrects for another prevalence in training. Keeps the
     * order of the scores if the slope is positive.
     *
     * @param slope finite; negative if the validation scores were worse than chance
     * @param intercept finite
     */
    record PlattScaling(double slope, double intercept) implements ScoreCalibrator {

        public PlattScaling {
            if (!Double.isFinite(slope) || !Double.isFinite(intercept)) {
                throw new IllegalArgumentException(
                        "slope is %s and intercept %s; expected finite numbers"
                                .formatted(slope, intercept));
            }
        }

        @Override
        public double calibrate(double probability) {
            return LogisticFit.sigmoid(slope * LogisticFit.logit(probability) + intercept);
        }

        @Override
        public String describe() {
            return String.format(
                    Locale.ROOT, "Platt scaling, logits times %.4g plus %.4g", slope, intercept);
        }
    }
}
