package org.deepcovid.eval.metrics.calibration;

/** How scores are gathered into bins. */
public enum Binning {
    /**
     * Bins of equal width over [0, 1]; a score on an edge belongs to the upper bin, and 1 to the
     * last.
     */
    EQUAL_WIDTH,
    /**
     * Bins of equally many cases, as far as ties allow: tied scores share a bin, so that the order
     * of the rows cannot matter.
     */
    EQUAL_MASS
}
