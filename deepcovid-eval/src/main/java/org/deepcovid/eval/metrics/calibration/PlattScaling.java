package org.deepcovid.eval.metrics.calibration;

import java.util.Locale;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * A logistic curve through the logits: probability = sigmoid(slope x logit + intercept) (J. Platt,
 * Probabilistic Outputs for Support Vector Machines, 1999). Unlike a temperature it also moves the
 * decisions at 0.5, which corrects for another prevalence in training. Keeps the order of the
 * scores if the slope is positive.
 *
 * @param slope finite; negative if the validation scores were worse than chance
 * @param intercept finite
 */
public record PlattScaling(double slope, double intercept) implements ScoreCalibrator {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public PlattScaling {
        if (!Double.isFinite(slope) || !Double.isFinite(intercept)) {
            throw new IllegalArgumentException(
                    "slope is %s and intercept %s; expected finite numbers"
                            .formatted(slope, intercept));
        }
    }

    /**
     * Fits the curve by maximum likelihood to Platt's smoothed labels, (positives + 1) / (positives
     * + 2) for positive cases and 1 / (negatives + 2) for negative ones, which keep it finite also
     * where the scores separate the classes.
     *
     * @param validation probabilities of both classes, not all alike
     * @return the curve
     * @throws IllegalArgumentException if the scores are not probabilities or all alike, or a class
     *     is absent
     */
    public static PlattScaling fit(ScoredLabels validation) {
        validation.requireProbabilities("Platt scaling");
        validation.requireBothClasses("Platt scaling");
        double[] logits = Logits.of(validation);
        requireSpread(logits);
        double high = (validation.positives() + 1.0) / (validation.positives() + 2);
        double low = 1.0 / (validation.negatives() + 2);
        double[] targets = new double[logits.length];
        for (int row = 0; row < targets.length; row++) {
            targets[row] = validation.isPositive(row) ? high : low;
        }
        LogisticFit fit = LogisticFit.slopeAndIntercept(logits, targets);
        return new PlattScaling(fit.slope(), fit.intercept());
    }

    private static void requireSpread(double[] logits) {
        for (double logit : logits) {
            if (logit != logits[0]) {
                return;
            }
        }
        throw new IllegalArgumentException(
                "all %d validation scores are %s; expected scores that differ (is the model"
                                .formatted(logits.length, Logits.sigmoid(logits[0]))
                        + " trained?)");
    }

    @Override
    public double calibrate(double probability) {
        return Logits.sigmoid(slope * Logits.of(probability) + intercept);
    }

    @Override
    public String describe() {
        return String.format(
                Locale.ROOT, "Platt scaling, logits times %.4g plus %.4g", slope, intercept);
    }
}
