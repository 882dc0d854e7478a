package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.LinearHead;

/**
 * A change of a head's logits that makes the probabilities better calibrated: all are multiplied by
 * the slope, and the intercept is added to that of the positive label. The calibrated head is again
 * a linear layer, so that every engine, export and heatmap uses it. The order of the scores stays.
 *
 * @param method how it was fitted
 * @param slope above 0; below 1 for an overconfident head
 * @param intercept 0 for a temperature; not 0 with two labels only
 * @param fittedOn the images that it was fitted on, in words; never test images
 */
public record ScoreCalibration(Method method, double slope, double intercept, String fittedOn) {

    /** Methods of calibration. */
    public enum Method {
        /** One temperature for all logits. */
        TEMPERATURE,
        /** Slope and intercept; for two labels. */
        PLATT
    }

    public ScoreCalibration {
        requireNonNull(method, "method is null");
        requireNonNull(fittedOn, "fittedOn is null");
        if (!(slope > 0 && slope < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "slope of the calibration is %s; expected a finite number above 0"
                            .formatted(slope));
        }
        if (!Double.isFinite(intercept) || (method == Method.TEMPERATURE && intercept != 0)) {
            throw new IllegalArgumentException(
                    "intercept of the calibration is %s; expected %s"
                            .formatted(
                                    intercept,
                                    method == Method.TEMPERATURE ? "0" : "a finite number"));
        }
    }

    /** Name of the method in tables and files. */
    public String name() {
        return method.name().toLowerCase(Locale.ROOT);
    }

    /** The calibration in words; one line without a full stop. */
    public String describe() {
        String change =
                method == Method.TEMPERATURE
                        ? String.format(
                                Locale.ROOT,
                                "temperature scaling, logits divided by %.4g",
                                1 / slope)
                        : String.format(
                                Locale.ROOT,
                                "Platt scaling, logits times %.4g plus %.4g",
                                slope,
                                intercept);
        return change + ", fitted on " + fittedOn;
    }

    /**
     * Calibrates a head.
     *
     * @throws IllegalArgumentException if an intercept meets more than two labels, or a weight
     *     would exceed single precision
     */
    LinearHead applyTo(LinearHead head, LabelSet labels) {
        requireFits(labels);
        float[] weights = scaled(head.weights());
        float[] bias = scaled(head.bias());
        bias[labels.indexOf(labels.positive())] += (float) intercept;
        return new LinearHead(weights, bias);
    }

    private float[] scaled(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (slope * values[i]);
        }
        return values;
    }

    /** Calibrates probabilities that an uncalibrated head gave. */
    public ClassProbabilities applyTo(ClassProbabilities raw) {
        LabelSet labels = raw.labels();
        requireFits(labels);
        double[] logits =
                raw.values().stream()
                        .mapToDouble(p -> slope * Math.log(Math.max(p, Double.MIN_NORMAL)))
                        .toArray();
        logits[labels.indexOf(labels.positive())] += intercept;
        return ClassProbabilities.of(labels, LinearHead.softmax(logits));
    }

    private void requireFits(LabelSet labels) {
        if (labels.several() && intercept != 0) {
            throw new IllegalArgumentException(
                    ("Platt scaling calibrates two labels, and there are %s; use temperature"
                                    + " scaling")
                            .formatted(labels.names()));
        }
    }
}
