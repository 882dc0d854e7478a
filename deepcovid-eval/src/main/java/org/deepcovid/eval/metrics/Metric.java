package org.deepcovid.eval.metrics;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * One number from labels and scores, for the bootstrap. An implementation must not depend on the
 * order of the rows, nor on ids, which resampled cases do not have.
 */
@FunctionalInterface
public interface Metric {

    /**
     * Computes the number.
     *
     * @param labels at least one case, possibly of one class only
     * @return a finite number, or empty where it is undefined
     */
    OptionalDouble of(ScoredLabels labels);

    /**
     * The interval where every bootstrap replicate has the same value.
     *
     * @param value of the metric
     * @param positives clusters with a positive case
     * @param negatives clusters with a negative case
     * @param level confidence level in (0, 1)
     * @return empty unless a formula gives one
     */
    default Optional<ConfidenceInterval> intervalWithoutSpread(
            double value, int positives, int negatives, double level) {
        return Optional.empty();
    }

    /** Area under the ROC curve; empty if a class is absent. Newcombe's interval without spread. */
    static Metric auc() {
        Metric area = ofRoc(RocCurve::auc);
        return new Metric() {
            @Override
            public OptionalDouble of(ScoredLabels labels) {
                return area.of(labels);
            }

            @Override
            public Optional<ConfidenceInterval> intervalWithoutSpread(
                    double value, int positives, int negatives, double level) {
                return AucEstimate.of(
                                value,
                                OptionalDouble.empty(),
                                positives,
                                negatives,
                                AucEstimate.Method.NEWCOMBE,
                                level)
                        .map(AucEstimate::interval);
            }
        };
    }

    /** Average precision; empty without positive cases. */
    static Metric averagePrecision() {
        return labels ->
                labels.positives() == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(PrecisionRecallCurve.of(labels).averagePrecision());
    }

    /**
     * Standardised area under a part of the ROC curve.
     *
     * @param axis the rate that the range limits
     * @param from lower end of the range, in [0, 1)
     * @param to upper end of the range, in (0, 1]
     * @return empty if a class is absent
     */
    static Metric standardisedPartialAuc(PartialAuc.Axis axis, double from, double to) {
        return ofRoc(curve -> curve.partialAuc(axis, from, to).standardised());
    }

    /**
     * Sensitivity at a fixed threshold.
     *
     * @param threshold a case that scores at least this is called positive
     * @return empty without positive cases
     */
    static Metric sensitivityAt(double threshold) {
        return shareAt(threshold, BinaryRates::sensitivity);
    }

    /**
     * Specificity at a fixed threshold.
     *
     * @param threshold a case that scores at least this is called positive
     * @return empty without negative cases
     */
    static Metric specificityAt(double threshold) {
        return shareAt(threshold, BinaryRates::specificity);
    }

    /**
     * Any share at a fixed threshold, such as {@code BinaryRates::positivePredictiveValue}.
     *
     * @param threshold a case that scores at least this is called positive
     * @param share chosen from the rates there
     * @return empty where the share is
     */
    static Metric shareAt(double threshold, Function<BinaryRates, Optional<Proportion>> share) {
        return rateAt(
                threshold,
                rates ->
                        share.apply(rates)
                                .map(proportion -> OptionalDouble.of(proportion.estimate()))
                                .orElseGet(OptionalDouble::empty));
    }

    /**
     * Any number at a fixed threshold, such as {@code BinaryRates::f1}.
     *
     * @param threshold a case that scores at least this is called positive
     * @param rate chosen from the rates there
     * @return empty where the rate is
     */
    static Metric rateAt(double threshold, Function<BinaryRates, OptionalDouble> rate) {
        Checks.requireNumber("threshold", threshold);
        // Wald's interval is the cheapest; the intervals are not used.
        return labels ->
                rate.apply(
                        new BinaryRates(
                                ConfusionMatrix.at(labels, threshold),
                                Proportion.IntervalMethod.WALD,
                                ConfidenceInterval.DEFAULT_LEVEL));
    }

    /**
     * Best sensitivity at a specificity of at least the target, the threshold chosen anew in every
     * replicate.
     *
     * @param specificity target in (0, 1]
     * @return empty if a class is absent
     */
    static Metric sensitivityAtSpecificity(double specificity) {
        Checks.requireTarget("specificity", specificity);
        return ofRoc(curve -> curve.sensitivityAtSpecificity(specificity));
    }

    /**
     * Best specificity at a sensitivity of at least the target, the threshold chosen anew in every
     * replicate.
     *
     * @param sensitivity target in (0, 1]
     * @return empty if a class is absent
     */
    static Metric specificityAtSensitivity(double sensitivity) {
        Checks.requireTarget("sensitivity", sensitivity);
        return ofRoc(curve -> curve.specificityAtSensitivity(sensitivity));
    }

    /**
     * Any number of the ROC curve.
     *
     * @param value of a curve
     * @return empty if a class is absent
     */
    static Metric ofRoc(Function<RocCurve, Double> value) {
        return labels ->
                labels.hasBothClasses()
                        ? OptionalDouble.of(value.apply(RocCurve.of(labels)))
                        : OptionalDouble.empty();
    }
}
