package org.deepcovid.eval.metrics.calibration;

import java.util.Locale;
import java.util.Optional;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Divides all logits by one temperature (C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, On
 * Calibration of Modern Neural Networks, 2017, arXiv 1706.04599). Keeps the order of the scores and
 * the decisions at 0.5. Above 1 it tempers an overconfident model, below 1 it sharpens a timid one.
 *
 * @param temperature above 0 and finite
 */
public record TemperatureScaling(double temperature) implements ScoreCalibrator {

    /**
     * Checks the temperature.
     *
     * @throws IllegalArgumentException if it is not above 0 and finite
     */
    public TemperatureScaling {
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException(
                    "temperature is %s; expected a finite number above 0".formatted(temperature));
        }
    }

    /**
     * Finds the temperature with the highest likelihood of the labels.
     *
     * @param validation with probabilities
     * @return empty if there is none: every case is on the right side of 0.5 (the best temperature
     *     would be 0), or the scores do no better than a constant 0.5 at any temperature
     * @throws IllegalArgumentException if the scores are not probabilities
     */
    public static Optional<TemperatureScaling> fit(ScoredLabels validation) {
        validation.requireProbabilities("temperature scaling");
        double[] logits = Logits.of(validation);
        double[] targets = Logits.targets(validation);
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

    @Override
    public double calibrate(double probability) {
        return Logits.sigmoid(Logits.of(probability) / temperature);
    }

    @Override
    public String describe() {
        return String.format(
                Locale.ROOT, "temperature scaling, logits divided by %.4g", temperature);
    }
}
