package org.deepcovid.eval.metrics;

import java.util.Optional;
import java.util.OptionalDouble;

/** Ways to a confidence interval of the area under a ROC curve, all for independent cases. */
public enum AucIntervalMethod {
    /**
     * Area plus and minus z standard errors of DeLong et al. (1988, doi 10.2307/2531595), cut to
     * [0, 1]. Undefined with a single case in a class or a variance of 0, as after perfect
     * separation.
     */
    DELONG {
        @Override
        Optional<ConfidenceInterval> interval(RocCurve curve, double level) {
            double auc = curve.auc();
            return spread(curve, level)
                    .map(
                            spread ->
                                    new ConfidenceInterval(
                                            Math.max(0, auc - spread),
                                            Math.min(1, auc + spread),
                                            level));
        }
    },
    /**
     * DeLong's interval made on the scale of log(area / (1 - area)), which keeps it within (0, 1)
     * and leans it away from the nearer end. Undefined where {@link #DELONG} is.
     */
    DELONG_LOGIT {
        @Override
        Optional<ConfidenceInterval> interval(RocCurve curve, double level) {
            double auc = curve.auc();
            double logit = Math.log(auc / (1 - auc));
            return spread(curve, level)
                    .map(spread -> spread / (auc * (1 - auc)))
                    .map(
                            spread ->
                                    new ConfidenceInterval(
                                            sigmoid(logit - spread),
                                            sigmoid(logit + spread),
                                            level));
        }
    },
    /**
     * The areas that a score test does not reject, with the variance that exponential scores would
     * have (R. G. Newcombe, 2006, doi 10.1002/sim.2324, method 5). Always defined: perfect
     * separation of few cases still leaves doubt.
     */
    NEWCOMBE {
        @Override
        Optional<ConfidenceInterval> interval(RocCurve curve, double level) {
            double auc = curve.auc();
            return Optional.of(
                    new ConfidenceInterval(
                            Newcombe.limit(auc, 0, curve.positives(), curve.negatives(), level),
                            Newcombe.limit(auc, 1, curve.positives(), curve.negatives(), level),
                            level));
        }
    };

    abstract Optional<ConfidenceInterval> interval(RocCurve curve, double level);

    private static Optional<Double> spread(RocCurve curve, double level) {
        OptionalDouble error = curve.aucStandardError();
        return error.isEmpty() || error.getAsDouble() == 0
                ? Optional.empty()
                : Optional.of(Normal.twoSidedQuantile(level) * error.getAsDouble());
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
