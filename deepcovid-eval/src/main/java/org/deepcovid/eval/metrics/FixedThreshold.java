package org.deepcovid.eval.metrics;

import java.util.OptionalDouble;

/**
 * A threshold fixed beforehand, such as 0.5, whatever the validation cases say.
 *
 * @param threshold finite; cases that score at least this are called positive
 */
public record FixedThreshold(double threshold) implements ThresholdRule {

    /**
     * Checks the threshold.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public FixedThreshold {
        Checks.requireFinite("threshold", threshold);
    }

    @Override
    public OptionalDouble choose(RocCurve validation) {
        return OptionalDouble.of(threshold);
    }

    @Override
    public String describe() {
        return "threshold " + threshold + ", fixed beforehand";
    }
}
