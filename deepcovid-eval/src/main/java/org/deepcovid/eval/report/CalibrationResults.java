package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.calibration.BrierScore;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;
import org.deepcovid.eval.metrics.calibration.ClassAverages;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.deepcovid.eval.metrics.calibration.ScoreCalibrator;

/**
 * Calibration of one network's scores on the test images.
 *
 * @param averages mean score of each class
 * @param brier score and parts
 * @param equalWidth reliability in {@value #BINS} bins of equal width
 * @param equalMass reliability in {@value #BINS} bins of equally many images
 * @param line empty where the scores separate the classes
 * @param recalibrated after calibrators that were fitted without test images
 */
record CalibrationResults(
        ClassAverages averages,
        BrierScore brier,
        ReliabilityDiagram equalWidth,
        ReliabilityDiagram equalMass,
        Optional<CalibrationLine> line,
        List<Recalibration> recalibrated) {

    static final int BINS = 10;

    /**
     * Calibration of the test scores after a calibrator.
     *
     * @param method name of the calibrator
     * @param calibrator its description, with the fitted parameters
     * @param brier Brier score of the test images
     * @param expectedError calibration error of the test images, in bins of equal width
     */
    record Recalibration(String method, String calibrator, double brier, double expectedError) {

        private static Recalibration of(
                String method, ScoreCalibrator calibrator, ScoredLabels test) {
            ScoredLabels calibrated = calibrator.calibrate(test);
            return new Recalibration(
                    method,
                    calibrator.describe(),
                    BrierScore.score(calibrated),
                    ReliabilityDiagram.of(calibrated, ReliabilityDiagram.Binning.EQUAL_WIDTH, BINS)
                            .expectedCalibrationError());
        }
    }

    static CalibrationResults of(ScoredLabels test, List<ScoredImage> fitting) {
        return new CalibrationResults(
                ClassAverages.of(test),
                BrierScore.of(test, ReliabilityDiagram.Binning.EQUAL_WIDTH, BINS),
                ReliabilityDiagram.of(test, ReliabilityDiagram.Binning.EQUAL_WIDTH, BINS),
                ReliabilityDiagram.of(test, ReliabilityDiagram.Binning.EQUAL_MASS, BINS),
                CalibrationLine.fit(test),
                fitting.isEmpty() ? List.of() : recalibrated(test, ScoredLabels.of(fitting)));
    }

    /** Temperature and Platt scaling, each where it can be fitted. */
    private static List<Recalibration> recalibrated(ScoredLabels test, ScoredLabels fitting) {
        if (fitting.positives() == 0 || fitting.negatives() == 0) {
            return List.of();
        }
        List<Recalibration> found = new ArrayList<>();
        ScoreCalibrator.temperatureScaling(fitting)
                .ifPresent(c -> found.add(Recalibration.of("temperature scaling", c, test)));
        boolean spread = false;
        for (int row = 1; row < fitting.size(); row++) {
            spread |= fitting.score(row) != fitting.score(0);
        }
        if (spread) {
            found.add(
                    Recalibration.of("Platt scaling", ScoreCalibrator.plattScaling(fitting), test));
        }
        return List.copyOf(found);
    }
}
