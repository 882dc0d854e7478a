package org.deepcovid.core.inference.plan;

/** A function of single values. */
public enum Nonlinearity {
    /** The value itself. */
    IDENTITY,
    /** Negative values become zero. */
    RELU
}
