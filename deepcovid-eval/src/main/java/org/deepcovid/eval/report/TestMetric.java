package org.deepcovid.eval.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.PartialAuc;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ScoredLabels;

/** Metrics of the test images that a report gives with an interval from resampled patients. */
enum TestMetric {
    AUC("area under the ROC curve", "auc", threshold -> Metric.auc()),
    PARTIAL_AUC(
            "standardised partial area, specificity 0.9 to 1",
            "partialAuc",
            threshold -> Metric.standardisedPartialAuc(PartialAuc.Axis.SPECIFICITY, 0.9, 1)),
    AVERAGE_PRECISION(
            "average precision", "averagePrecision", threshold -> Metric.averagePrecision()),
    SENSITIVITY("sensitivity", "sensitivity", Metric::sensitivityAt),
    SPECIFICITY("specificity", "specificity", Metric::specificityAt),
    PPV(
            "positive predictive value, here",
            "positivePredictiveValue",
            share(BinaryRates::positivePredictiveValue)),
    NPV(
            "negative predictive value, here",
            "negativePredictiveValue",
            share(BinaryRates::negativePredictiveValue)),
    ACCURACY("accuracy", "accuracy", share(rates -> Optional.of(rates.accuracy()))),
    BALANCED_ACCURACY(
            "balanced accuracy", "balancedAccuracy", number(BinaryRates::balancedAccuracy)),
    F1("F1", "f1", number(BinaryRates::f1)),
    MCC("Matthews correlation", "matthewsCorrelation", number(BinaryRates::matthewsCorrelation)),
    POSITIVE_LIKELIHOOD_RATIO(
            "positive likelihood ratio",
            "positiveLikelihoodRatio",
            number(BinaryRates::positiveLikelihoodRatio)),
    NEGATIVE_LIKELIHOOD_RATIO(
            "negative likelihood ratio",
            "negativeLikelihoodRatio",
            number(BinaryRates::negativeLikelihoodRatio)),
    DIAGNOSTIC_ODDS_RATIO(
            "diagnostic odds ratio",
            "diagnosticOddsRatio",
            number(BinaryRates::diagnosticOddsRatio)),
    SENSITIVITY_AT_SPECIFICITY(
            "sensitivity where the specificity is 0.95",
            "sensitivityAtSpecificity95",
            threshold -> Metric.sensitivityAtSpecificity(0.95)),
    SPECIFICITY_AT_SENSITIVITY(
            "specificity where the sensitivity is 0.95",
            "specificityAtSensitivity95",
            threshold -> Metric.specificityAtSensitivity(0.95));

    private final String words;
    private final String field;

    @SuppressWarnings("ImmutableEnumChecker") // functions of this class, without state
    private final DoubleFunction<Metric> atThreshold;

    TestMetric(String words, String field, DoubleFunction<Metric> atThreshold) {
        this.words = words;
        this.field = field;
        this.atThreshold = atThreshold;
    }

    /** Those that the images can tell: of one class only its rate. */
    static List<TestMetric> of(ScoredLabels scores) {
        if (scores.hasBothClasses()) {
            return List.of(values());
        }
        return List.of(scores.positives() > 0 ? SENSITIVITY : SPECIFICITY);
    }

    private static DoubleFunction<Metric> share(Function<BinaryRates, Optional<Proportion>> rate) {
        return threshold -> Metric.shareAt(threshold, rate);
    }

    private static DoubleFunction<Metric> number(Function<BinaryRates, OptionalDouble> rate) {
        return threshold -> Metric.rateAt(threshold, rate);
    }

    /** Name in texts. */
    String words() {
        return words;
    }

    /** Name in {@code report.json}. */
    String field() {
        return field;
    }

    /** The metric at the threshold of a network; some do not depend on it. */
    Metric at(double threshold) {
        return atThreshold.apply(threshold);
    }
}
