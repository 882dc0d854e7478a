package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Area under a ROC curve with its uncertainty from the finite number of independent cases.
 *
 * @param auc in [0, 1]
 * @param standardError by DeLong et al. (1988); empty if a class has a single case
 * @param interval within [0, 1]
 * @param method of the interval
 */
public record AucEstimate(
        double auc, OptionalDouble standardError, ConfidenceInterval interval, Method method) {

    public AucEstimate {
        Checks.requireFraction("auc", auc);
        requireNonNull(standardError, "standardError is null");
        requireNonNull(interval, "interval is null");
        requireNonNull(method, "method is null");
    }

    /** Methods of a confidence interval of the area under a ROC curve, for independent cases. */
    public enum Method {
        /**
         * Area plus and minus z standard errors of DeLong et al. (1988, doi 10.2307/2531595), cut
         * to [0, 1]. Undefined with a single case in a class or a standard error of 0, as after
         * perfect separation.
         */
        DELONG,
        /**
         * DeLong's interval computed on the scale of log(area / (1 - area)), which keeps it within
         * (0, 1) and makes it asymmetric near 0 and 1. Undefined where {@link #DELONG} is.
         */
        DELONG_LOGIT,
        /**
         * The areas that a score test does not reject, with the variance that exponential scores
         * would have (R. G. Newcombe, 2006, doi 10.1002/sim.2324, method 5). Always defined, with a
         * width above 0 also after perfect separation.
         */
        NEWCOMBE
    }

    /** Empty if the method is undefined for these numbers. */
    static Optional<AucEstimate> of(
            double auc,
            OptionalDouble standardError,
            int positives,
            int negatives,
            Method method,
            double level) {
        double z = ConfidenceInterval.normalQuantile(level);
        double spread = z * standardError.orElse(0);
        if (method != Method.NEWCOMBE && spread == 0) {
            return Optional.empty();
        }
        ConfidenceInterval interval =
                switch (method) {
                    case DELONG ->
                            new ConfidenceInterval(
                                    Math.max(0, auc - spread), Math.min(1, auc + spread), level);
                    case DELONG_LOGIT -> {
                        double logit = Math.log(auc / (1 - auc));
                        double logitSpread = spread / (auc * (1 - auc));
                        yield new ConfidenceInterval(
                                sigmoid(logit - logitSpread), sigmoid(logit + logitSpread), level);
                    }
                    case NEWCOMBE ->
                            new ConfidenceInterval(
                                    newcombeLimit(auc, 0, positives, negatives, z),
                                    newcombeLimit(auc, 1, positives, negatives, z),
                                    level);
                };
        return Optional.of(new AucEstimate(auc, standardError, interval, method));
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /** The area between the estimate and the given end (0 or 1) that is just not rejected. */
    private static double newcombeLimit(
            double auc, double end, int positives, int negatives, double z) {
        double accepted = auc;
        double rejected = end;
        for (int i = 0; i < 60 && accepted != rejected; i++) { // bisection to the last bit
            double middle = (accepted + rejected) / 2;
            double distance = Math.abs(middle - auc);
            if (distance <= z * Math.sqrt(newcombeVariance(middle, positives, negatives))) {
                accepted = middle;
            } else {
                rejected = middle;
            }
        }
        return accepted;
    }

    private static double newcombeVariance(double area, double positives, double negatives) {
        double pairsMates = (positives + negatives) / 2 - 1;
        double shape = (1 - area) / (2 - area) + area / (1 + area);
        return area * (1 - area) * (1 + pairsMates * shape) / (positives * negatives);
    }
}
