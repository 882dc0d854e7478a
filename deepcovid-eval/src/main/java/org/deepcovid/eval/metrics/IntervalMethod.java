package org.deepcovid.eval.metrics;

import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * Ways to a confidence interval of a binomial proportion; all give limits within [0, 1].
 *
 * <p>{@link #WILSON} is the default of this package. Comparisons of the methods: L. D. Brown, T. T.
 * Cai and A. DasGupta, Interval Estimation for a Binomial Proportion, Statistical Science 16, 2001,
 * doi 10.1214/ss/1009213286.
 */
public enum IntervalMethod {
    /**
     * Inverts the score test (E. B. Wilson, 1927, doi 10.1080/01621459.1927.10502953). Covers near
     * the nominal level on average, also for small samples and rates near 1. The lower limit at 0
     * successes is exactly 0, and the upper limit at no failure exactly 1.
     */
    WILSON {
        @Override
        Limits limits(int successes, int total, double level) {
            double z = Normal.twoSidedQuantile(level);
            double n = total;
            double p = successes / n;
            double centre = p + z * z / (2 * n);
            double spread = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
            double scale = 1 + z * z / n;
            return new Limits(
                    successes == 0 ? 0 : (centre - spread) / scale,
                    successes == total ? 1 : (centre + spread) / scale);
        }
    },
    /**
     * The exact method (C. J. Clopper and E. S. Pearson, 1934, doi 10.1093/biomet/26.4.404): never
     * covers less than the level, and usually more; wider than the others.
     */
    CLOPPER_PEARSON {
        @Override
        Limits limits(int successes, int total, double level) {
            double tail = (1 - level) / 2;
            int failures = total - successes;
            return new Limits(
                    successes == 0 ? 0 : betaQuantile(successes, failures + 1.0, tail),
                    failures == 0 ? 1 : betaQuantile(successes + 1.0, failures, 1 - tail));
        }
    },
    /**
     * The normal approximation about Wilson's centre (A. Agresti and B. A. Coull, 1998, doi
     * 10.1080/00031305.1998.10480550), cut to [0, 1].
     */
    AGRESTI_COULL {
        @Override
        Limits limits(int successes, int total, double level) {
            double z = Normal.twoSidedQuantile(level);
            double n = total + z * z;
            double p = (successes + z * z / 2) / n;
            return aroundClipped(p, z * Math.sqrt(p * (1 - p) / n));
        }
    },
    /**
     * Equal tails of the Beta(1/2, 1/2) posterior, with the lower limit 0 at 0 successes and the
     * upper limit 1 at no failure, as Brown, Cai and DasGupta (2001) modify it, so that the
     * estimate is never outside.
     */
    JEFFREYS {
        @Override
        Limits limits(int successes, int total, double level) {
            double tail = (1 - level) / 2;
            double alpha = successes + 0.5;
            double beta = total - successes + 0.5;
            return new Limits(
                    successes == 0 ? 0 : betaQuantile(alpha, beta, tail),
                    successes == total ? 1 : betaQuantile(alpha, beta, 1 - tail));
        }
    },
    /**
     * The normal approximation about the estimate that the Deep-COVID paper (S. Minaee et al.,
     * 2020, doi 10.1016/j.media.2020.101794) uses, cut to [0, 1]. Too narrow for small samples and
     * rates near 0 or 1, and of width 0 where every case is a success; kept to compare with the
     * paper.
     */
    WALD {
        @Override
        Limits limits(int successes, int total, double level) {
            double p = successes / (double) total;
            double spread = Math.sqrt(p * (1 - p) / total);
            return aroundClipped(p, Normal.twoSidedQuantile(level) * spread);
        }
    };

    abstract Limits limits(int successes, int total, double level);

    record Limits(double lower, double upper) {}

    /**
     * The interval of a proportion.
     *
     * @param successes 0 to {@code total}
     * @param total at least 1
     * @param level confidence level in (0, 1)
     * @return limits in [0, 1] that enclose {@code successes / total}
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public ConfidenceInterval interval(int successes, int total, double level) {
        if (total < 1 || successes < 0 || successes > total) {
            throw new IllegalArgumentException(
                    "%d successes of %d; expected 0 to total successes and a total of at least 1"
                            .formatted(successes, total));
        }
        Checks.requireLevel(level);
        Limits limits = limits(successes, total, level);
        double estimate = successes / (double) total; // rounding must not push it outside
        return new ConfidenceInterval(
                Math.min(limits.lower(), estimate), Math.max(limits.upper(), estimate), level);
    }

    private static Limits aroundClipped(double centre, double spread) {
        return new Limits(Math.max(0, centre - spread), Math.min(1, centre + spread));
    }

    private static double betaQuantile(double alpha, double beta, double probability) {
        return new BetaDistribution(null, alpha, beta, 1e-14)
                .inverseCumulativeProbability(probability);
    }
}
