package org.deepcovid.eval.metrics;

/** Ways from sorted bootstrap replicates to an interval. */
public enum BootstrapMethod {
    /** The two percentiles that leave equal tails. Too narrow for areas and rates near 1. */
    PERCENTILE,
    /**
     * Percentiles moved for bias and skewness (B. Efron, 1987, doi 10.1080/01621459.1987.10478410),
     * the skewness found by leaving out one cluster at a time, at most 1000 evenly chosen ones of a
     * stratum. The default.
     */
    BCA
}
