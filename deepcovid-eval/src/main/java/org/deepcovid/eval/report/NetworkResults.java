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
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RocBand;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdTable;
import org.deepcovid.eval.metrics.calibration.BrierScore;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;
import org.deepcovid.eval.metrics.calibration.ClassAverages;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;

/**
 * Every number that a report states of one network, computed once.
 *
 * @param roc of the test images
 * @param auc its area, with DeLong's interval
 * @param band around it, from resampled patients
 * @param precisionRecall of the test images
 * @param byPatient metrics with intervals from resampled patients; those without a value are absent
 * @param rates at the threshold
 * @param predictiveValues at the threshold, at several prevalences
 * @param brier score and parts
 * @param reliability in ten bins of equal width
 * @param reliabilityByMass in ten bins of equally many images
 * @param calibration empty where the scores separate the classes
 * @param recalibrations what calibrators fitted without test images would make of the scores
 * @param averages mean score of each class
 * @param thresholds the rates at a list of thresholds
 * @param subgroups by attribute
 * @param findingAreas area of all COVID images against the others of each finding, if told
 * @param groups scores by finding, or by class where the dataset tells no findings
 */
record NetworkResults(
        RocCurve roc,
        AucEstimate auc,
        RocBand band,
        PrecisionRecallCurve precisionRecall,
        Map<TestMetric, Bootstrap.Estimate> byPatient,
        BinaryRates rates,
        List<PredictiveValues> predictiveValues,
        BrierScore brier,
        ReliabilityDiagram reliability,
        ReliabilityDiagram reliabilityByMass,
        Optional<CalibrationLine> calibration,
        List<Recalibration> recalibrations,
        ClassAverages averages,
        ThresholdTable thresholds,
        Map<String, SubgroupTable> subgroups,
        Map<String, AucEstimate> findingAreas,
        Map<String, ScoredLabels> groups) {

    /** Seed of all resampling, the same for every report. */
    static final long SEED = 1;

    static final int BINS = 10;

    private static final int BAND_POINTS = 51;
    private static final int MANY_IMAGES = 50_000;
    private static final int FEWER_REPLICATES = 200;
    private static final double[] THRESHOLDS = {
        0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7
    };

    static NetworkResults of(Evaluation evaluation, List<LabelledImage> test) {
        ScoredLabels scores = evaluation.scores();
        RocCurve roc = RocCurve.of(scores);
        double threshold = evaluation.threshold().value();
        Clusters patients = patients(test);
        Bootstrap bootstrap = bootstrap(test.size());
        return new NetworkResults(
                roc,
                roc.aucEstimate(),
                RocBand.of(scores, patients, bootstrap, BAND_POINTS),
                PrecisionRecallCurve.of(scores),
                byPatient(scores, threshold, patients, bootstrap),
                evaluation.rates(),
                PredictiveValues.of(scores, threshold, patients, bootstrap),
                BrierScore.of(scores, ReliabilityDiagram.Binning.EQUAL_WIDTH, BINS),
                ReliabilityDiagram.of(scores, ReliabilityDiagram.Binning.EQUAL_WIDTH, BINS),
                ReliabilityDiagram.of(scores, ReliabilityDiagram.Binning.EQUAL_MASS, BINS),
                CalibrationLine.fit(scores),
                Recalibration.of(evaluation.thresholdScores(), scores),
                ClassAverages.of(scores),
                ThresholdTable.of(scores, THRESHOLDS),
                Subgroups.tables(scores, test, threshold),
                Subgroups.findingAreas(scores, test),
                Subgroups.findings(scores, test));
    }

    /** Images of one patient stay together; one of an unknown patient stands alone. */
    static Clusters patients(List<LabelledImage> test) {
        return Clusters.byName(test.stream().map(LabelledImage::patient).toList());
    }

    /** 2000 replicates, fewer for test sets so large that the intervals are narrow anyway. */
    static Bootstrap bootstrap(int images) {
        Bootstrap usual = Bootstrap.seeded(SEED);
        return images > MANY_IMAGES ? usual.withReplicates(FEWER_REPLICATES) : usual;
    }

    private static Map<TestMetric, Bootstrap.Estimate> byPatient(
            ScoredLabels scores, double threshold, Clusters patients, Bootstrap bootstrap) {
        Map<TestMetric, Bootstrap.Estimate> estimates = new EnumMap<>(TestMetric.class);
        for (TestMetric metric : TestMetric.values()) {
            bootstrap
                    .estimate(metric.at(threshold), scores, patients)
                    .ifPresent(estimate -> estimates.put(metric, estimate));
        }
        return estimates;
    }

    Optional<Bootstrap.Estimate> byPatient(TestMetric metric) {
        return Optional.ofNullable(byPatient.get(metric));
    }
}
