package org.deepcovid.eval.metrics.comparison;

/** Which cases a comparison of decisions is about. */
public enum CaseSelection {
    /** All cases: compares accuracies. */
    ALL,
    /** Positive cases only: compares sensitivities. */
    POSITIVE,
    /** Negative cases only: compares specificities. */
    NEGATIVE;

    boolean includes(boolean positive) {
        return switch (this) {
            case ALL -> true;
            case POSITIVE -> positive;
            case NEGATIVE -> !positive;
        };
    }
}
