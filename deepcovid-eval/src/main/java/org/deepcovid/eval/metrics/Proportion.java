package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;

/**
 * A share of cases with its confidence interval.
 *
 * @param successes 0 to {@code total}
 * @param total at least 1
 * @param estimate {@code successes / total}
 * @param interval confidence interval around the estimate
 * @param method of the interval
 */
public record Proportion(
        int successes,
        int total,
        double estimate,
        ConfidenceInterval interval,
        IntervalMethod method) {

    public Proportion {
        requireNonNull(interval, "interval is null");
        requireNonNull(method, "method is null");
        requireCounts(successes, total);
        if (estimate != successes / (double) total) {
            throw new IllegalArgumentException(
                    "estimate is %s; expected %d/%d; use Proportion.of"
                            .formatted(estimate, successes, total));
        }
    }

    private static void requireCounts(int successes, int total) {
        if (total < 1 || successes < 0 || successes > total) {
            throw new IllegalArgumentException(
                    "%d successes of %d; expected 0 to total successes and a total of at least 1"
                            .formatted(successes, total));
        }
    }

    /**
     * A proportion with the 95 % Wilson interval.
     *
     * @param successes 0 to {@code total}
     * @param total at least 1
     */
    public static Proportion of(int successes, int total) {
        return of(successes, total, IntervalMethod.WILSON, ConfidenceInterval.DEFAULT_LEVEL);
    }

    /**
     * A proportion with the interval of a chosen method.
     *
     * @param successes 0 to {@code total}
     * @param total at least 1
     * @param method of the interval
     * @param level confidence level in (0, 1)
     */
    public static Proportion of(int successes, int total, IntervalMethod method, double level) {
        ConfidenceInterval interval = method.interval(successes, total, level);
        return new Proportion(successes, total, successes / (double) total, interval, method);
    }

    /** As {@link #of}, but empty if the total is 0. */
    static Optional<Proportion> ifAny(
            int successes, int total, IntervalMethod method, double level) {
        return total == 0 ? Optional.empty() : Optional.of(of(successes, total, method, level));
    }

    /**
     * The figure that the Deep-COVID paper prints after "±": half the width of the normal
     * approximation at the interval's level, not cut to [0, 1]. Does not depend on {@link
     * #method()}.
     *
     * @return at least 0; 0 if every case or none is a success, which understates the uncertainty
     */
    public double normalMargin() {
        double z = ConfidenceInterval.normalQuantile(interval.level());
        return z * Math.sqrt(estimate * (1 - estimate) / total);
    }

    /**
     * Methods of a confidence interval of a binomial proportion; all limits are within [0, 1].
     * {@link #WILSON} is the default of this package. The methods are compared in L. D. Brown, T.
     * T. Cai and A. DasGupta, Interval Estimation for a Binomial Proportion, Statistical Science
     * 16, 2001, doi 10.1214/ss/1009213286.
     */
    public enum IntervalMethod {
        /**
         * Inverts the score test (E. B. Wilson, 1927, doi 10.1080/01621459.1927.10502953). Its
         * coverage is near the nominal level on average, also for small samples and rates near 1.
         * The lower limit at 0 successes is exactly 0, and the upper limit at no failure exactly 1.
         */
        WILSON(BinomialConfidenceInterval.WILSON_SCORE),
        /**
         * The exact method (C. J. Clopper and E. S. Pearson, 1934, doi 10.1093/biomet/26.4.404):
         * coverage is at least the level, and usually above it; wider than the others.
         */
        CLOPPER_PEARSON(BinomialConfidenceInterval.CLOPPER_PEARSON),
        /**
         * The normal approximation about Wilson's centre (A. Agresti and B. A. Coull, 1998, doi
         * 10.1080/00031305.1998.10480550), cut to [0, 1].
         */
        AGRESTI_COULL(BinomialConfidenceInterval.AGRESTI_COULL),
        /**
         * Equal tails of the Beta(1/2, 1/2) posterior, with the lower limit 0 at 0 successes and
         * the upper limit 1 at no failure, as modified by Brown, Cai and DasGupta (2001), so that
         * the interval contains the estimate.
         */
        JEFFREYS(BinomialConfidenceInterval.JEFFREYS),
        /**
         * The normal approximation about the estimate, cut to [0, 1]; used by the Deep-COVID paper
         * (S. Minaee et al., 2020, doi 10.1016/j.media.2020.101794). Too narrow for small samples
         * and rates near 0 or 1, and of width 0 if every case is a success; here for comparison
         * with the paper.
         */
        WALD(BinomialConfidenceInterval.NORMAL_APPROXIMATION);

        private final BinomialConfidenceInterval formula;

        IntervalMethod(BinomialConfidenceInterval formula) {
            this.formula = formula;
        }

        /**
         * The interval of a proportion.
         *
         * @param successes 0 to {@code total}
         * @param total at least 1
         * @param level confidence level in (0, 1)
         * @return limits in [0, 1] that contain {@code successes / total}
         */
        public ConfidenceInterval interval(int successes, int total, double level) {
            requireCounts(successes, total);
            Checks.requireLevel(level);
            Interval limits = formula.fromErrorRate(total, successes, 1 - level);
            double lower = successes == 0 ? 0 : Math.max(0, limits.getLowerBound());
            double upper = successes == total ? 1 : Math.min(1, limits.getUpperBound());
            double estimate = successes / (double) total; // rounding must not exclude it
            return new ConfidenceInterval(
                    Math.min(lower, estimate), Math.max(upper, estimate), level);
        }
    }
}
