package org.deepcovid.eval.report;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RocBand;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdTable;

/**
 * The numbers of one network on the test images.
 *
 * @param curves over all thresholds, and what else needs both classes; empty with one class
 * @param rates at given thresholds
 * @param byPatient metrics with intervals from resampled patients; those without a value are absent
 * @param calibration whether the scores are probabilities; empty with one class
 * @param subgroups the same images by attribute
 * @param sources the same images by source
 * @param answers sets of labels and reviews
 * @param labels the numbers of all labels; empty if there are only two
 */
record NetworkResults(
        Optional<Curves> curves,
        Rates rates,
        Map<TestMetric, Bootstrap.Estimate> byPatient,
        Optional<CalibrationResults> calibration,
        Subgroups subgroups,
        SourceResults sources,
        AnswerResults answers,
        Optional<LabelResults> labels) {

    private static final int BAND_POINTS = 51;
    private static final List<Double> PREVALENCES = List.of(0.01, 0.05, 0.2);
    private static final double[] THRESHOLDS = {
        0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7
    };

    /**
     * Curves over all thresholds.
     *
     * @param roc of the test images
     * @param auc its area, with DeLong's interval
     * @param band around it, from resampled patients; absent with fewer than two in a class
     * @param precisionRecall of the test images
     */
    record Curves(
            RocCurve roc,
            AucEstimate auc,
            Optional<RocBand> band,
            PrecisionRecallCurve precisionRecall) {}

    /**
     * Rates at given thresholds.
     *
     * @param atThreshold of the network
     * @param predictiveValues at the network's threshold, at several prevalences; none with one
     *     class
     * @param atOthers at a list of other thresholds
     */
    record Rates(
            BinaryRates atThreshold,
            List<PredictiveValues> predictiveValues,
            ThresholdTable atOthers) {}

    /**
     * Predictive values at a stated prevalence, with intervals from resampled patients.
     *
     * @param prevalence share of people with the positive label
     * @param positive empty where no image is called positive
     * @param negative empty where no image is called negative
     */
    record PredictiveValues(
            double prevalence,
            Optional<Bootstrap.Estimate> positive,
            Optional<Bootstrap.Estimate> negative) {}

    /**
     * How intervals from resampled patients are computed, equally in every report.
     *
     * @param bootstrap with a fixed seed
     * @param patients images of one patient; an image of an unknown patient is a cluster of its own
     */
    record Resampling(Bootstrap bootstrap, Clusters patients) {

        private static final long SEED = 1;
        private static final int MANY_IMAGES = 50_000;
        private static final int FEWER_REPLICATES = 200;

        /** 2000 replicates; fewer for large test sets, whose intervals are narrow anyway. */
        static Resampling of(List<LabelledImage> test) {
            Bootstrap usual = Bootstrap.seeded(SEED);
            return new Resampling(
                    test.size() > MANY_IMAGES ? usual.withReplicates(FEWER_REPLICATES) : usual,
                    Clusters.byName(test.stream().map(LabelledImage::patient).toList()));
        }

        private int fewestPatients(ScoredLabels scores) {
            return Math.min(
                    patients.countWhere(scores::isPositive),
                    patients.countWhere(row -> !scores.isPositive(row)));
        }

        Optional<Bootstrap.Estimate> estimate(Metric metric, ScoredLabels scores) {
            return bootstrap.estimate(metric, scores, patients);
        }
    }

    static NetworkResults of(Evaluation evaluation) {
        List<LabelledImage> test = evaluation.testImages();
        ScoredLabels scores = evaluation.scores();
        double threshold = evaluation.threshold().value();
        Resampling resampling = Resampling.of(test);
        Optional<ScoredLabels> both = Optional.of(scores).filter(ScoredLabels::hasBothClasses);
        return new NetworkResults(
                both.map(cases -> curves(cases, resampling)),
                rates(evaluation, scores, resampling),
                byPatient(scores, threshold, resampling),
                both.map(cases -> CalibrationResults.of(cases, evaluation.thresholdScores())),
                subgroups(evaluation),
                SourceResults.of(evaluation, resampling),
                AnswerResults.of(evaluation),
                LabelResults.of(evaluation, resampling));
    }

    static Subgroups subgroups(Evaluation evaluation) {
        return Subgroups.of(
                evaluation.labels(),
                evaluation.scores(),
                evaluation.testImages(),
                evaluation.threshold().value());
    }

    private static Curves curves(ScoredLabels scores, Resampling resampling) {
        RocCurve roc = RocCurve.of(scores);
        return new Curves(
                roc,
                roc.aucEstimate(),
                resampling.fewestPatients(scores) < 2
                        ? Optional.empty()
                        : Optional.of(
                                RocBand.of(
                                        scores,
                                        resampling.patients(),
                                        resampling.bootstrap(),
                                        BAND_POINTS)),
                PrecisionRecallCurve.of(scores));
    }

    private static Rates rates(Evaluation evaluation, ScoredLabels scores, Resampling resampling) {
        double threshold = evaluation.threshold().value();
        List<PredictiveValues> predictiveValues =
                PREVALENCES.stream()
                        .filter(share -> scores.hasBothClasses())
                        .map(share -> predictiveValues(share, threshold, scores, resampling))
                        .toList();
        return new Rates(
                evaluation.rates(), predictiveValues, ThresholdTable.of(scores, THRESHOLDS));
    }

    private static PredictiveValues predictiveValues(
            double prevalence, double threshold, ScoredLabels scores, Resampling resampling) {
        Metric positive =
                Metric.rateAt(threshold, rates -> rates.positivePredictiveValueAt(prevalence));
        Metric negative =
                Metric.rateAt(threshold, rates -> rates.negativePredictiveValueAt(prevalence));
        return new PredictiveValues(
                prevalence,
                resampling.estimate(positive, scores),
                resampling.estimate(negative, scores));
    }

    private static Map<TestMetric, Bootstrap.Estimate> byPatient(
            ScoredLabels scores, double threshold, Resampling resampling) {
        Map<TestMetric, Bootstrap.Estimate> estimates = new EnumMap<>(TestMetric.class);
        for (TestMetric metric : TestMetric.of(scores)) {
            resampling
                    .estimate(metric.at(threshold), scores)
                    .ifPresent(estimate -> estimates.put(metric, estimate));
        }
        return estimates;
    }

    /** Empty with one class. */
    Optional<AucEstimate> auc() {
        return curves.map(Curves::auc);
    }

    Optional<Bootstrap.Estimate> byPatient(TestMetric metric) {
        return Optional.ofNullable(byPatient.get(metric));
    }
}
