package org.deepcovid.eval.metrics;

/** Which rate of a ROC curve a range is given in. */
public enum RocAxis {
    /** The area between two specificities, below the curve. */
    SPECIFICITY,
    /** The area between two sensitivities, to the right of the curve. */
    SENSITIVITY
}
