package org.deepcovid.core.inference.plan;

/** Whether a node adds a bias to its sums. */
public enum Bias {
    /** It does; the parameter is {@code b}. */
    ADDED,
    /** It does not. */
    NONE
}
