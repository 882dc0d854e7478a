package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

/**
 * A number with the interval that its bootstrap replicates give.
 *
 * @param value computed on the cases themselves
 * @param standardError standard deviation of the replicates, at least 0
 * @param interval between two percentiles of the replicates; may leave out the value where the
 *     metric is biased in small samples
 * @param replicates how many replicates had a value
 * @param undefinedReplicates how many had none, such as a positive predictive value where no case
 *     is called positive; the interval is conditional on having a value
 */
public record BootstrapEstimate(
        double value,
        double standardError,
        ConfidenceInterval interval,
        int replicates,
        int undefinedReplicates) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if the interval is null
     * @throws IllegalArgumentException if a count is impossible
     */
    public BootstrapEstimate {
        requireNonNull(interval, "interval is null");
        if (replicates < 1 || undefinedReplicates < 0) {
            throw new IllegalArgumentException(
                    "%d replicates and %d undefined ones; expected at least 1 and 0"
                            .formatted(replicates, undefinedReplicates));
        }
    }
}
