package org.deepcovid.eval.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.BootstrapEstimate;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RocBand;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdTable;
import org.deepcovid.eval.metrics.calibration.Binning;
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
 * @param byPatient metrics with intervals from resampled patients, by name; those without a value
 *     are absent
 * @param rates at the threshold
 * @param brier score and parts
 * @param reliability in ten bins of equal width
 * @param reliabilityByMass in ten bins of equally many images
 * @param calibration empty where the scores separate the classes
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
        Map<String, BootstrapEstimate> byPatient,
        BinaryRates rates,
        BrierScore brier,
        ReliabilityDiagram reliability,
        ReliabilityDiagram reliabilityByMass,
        Optional<CalibrationLine> calibration,
        ClassAverages averages,
        ThresholdTable thresholds,
        Map<String, SubgroupTable> subgroups,
        Map<String, AucEstimate> findingAreas,
        Map<String, ScoredLabels> groups) {

    static final String AUC = "area under the ROC curve";
    static final String AVERAGE_PRECISION = "average precision";
    static final String SENSITIVITY = "sensitivity";
    static final String SPECIFICITY = "specificity";

    /** Seed of all resampling, the same for every report. */
    static final long SEED = 1;

    static final int BINS = 10;

    private static final int BAND_POINTS = 51;
    private static final int MANY_IMAGES = 50_000;
    private static final int FEWER_REPLICATES = 200;
    private static final double[] THRESHOLDS = {
        0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7
    };

    static NetworkResults of(EvaluationReport evaluation, List<LabelledImage> test) {
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
                BrierScore.of(scores, Binning.EQUAL_WIDTH, BINS),
                ReliabilityDiagram.of(scores, Binning.EQUAL_WIDTH, BINS),
                ReliabilityDiagram.of(scores, Binning.EQUAL_MASS, BINS),
                CalibrationLine.fit(scores),
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

    private static Map<String, BootstrapEstimate> byPatient(
            ScoredLabels scores, double threshold, Clusters patients, Bootstrap bootstrap) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put(AUC, Metric.auc());
        metrics.put(AVERAGE_PRECISION, Metric.averagePrecision());
        metrics.put(SENSITIVITY, Metric.sensitivityAt(threshold));
        metrics.put(SPECIFICITY, Metric.specificityAt(threshold));
        Map<String, BootstrapEstimate> estimates = new LinkedHashMap<>();
        metrics.forEach(
                (name, metric) ->
                        bootstrap
                                .estimate(metric, scores, patients)
                                .ifPresent(estimate -> estimates.put(name, estimate)));
        return estimates;
    }

    Optional<BootstrapEstimate> byPatient(String name) {
        return Optional.ofNullable(byPatient.get(name));
    }
}
