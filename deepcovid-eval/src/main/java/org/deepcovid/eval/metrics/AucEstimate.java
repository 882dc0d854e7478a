package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * Area under a ROC curve with its uncertainty from the finite number of independent cases.
 *
 * @param auc in [0, 1]
 * @param standardError by DeLong et al. (1988); empty if a class has a single case
 * @param interval within [0, 1]
 * @param method how the interval was made
 */
public record AucEstimate(
        double auc,
        OptionalDouble standardError,
        ConfidenceInterval interval,
        AucIntervalMethod method) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the area is not in [0, 1]
     */
    public AucEstimate {
        Checks.requireFraction("auc", auc);
        requireNonNull(standardError, "standardError is null");
        requireNonNull(interval, "interval is null");
        requireNonNull(method, "method is null");
    }
}
