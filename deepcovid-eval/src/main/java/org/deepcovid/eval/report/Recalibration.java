package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.calibration.BrierScore;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.deepcovid.eval.metrics.calibration.ScoreCalibrator;

/**
 * How well calibrated the test scores would be after a calibrator that was fitted on the images of
 * the threshold.
 *
 * @param calibrator fitted without test images
 * @param brier of the test images afterwards
 * @param expectedError of the test images afterwards, in bins of equal width
 */
record Recalibration(ScoreCalibrator calibrator, double brier, double expectedError) {

    /** Temperature and Platt scaling, as far as each can be fitted. */
    static List<Recalibration> of(List<ScoredImage> fitting, ScoredLabels test) {
        if (fitting.isEmpty()) {
            return List.of();
        }
        ScoredLabels labels = ScoredLabels.of(fitting);
        List<Recalibration> all = new ArrayList<>();
        ScoreCalibrator.temperatureScaling(labels).ifPresent(found -> all.add(of(found, test)));
        boolean spread =
                fitting.stream().mapToDouble(ScoredImage::covidProbability).distinct().count() > 1;
        if (spread && labels.positives() > 0 && labels.negatives() > 0) {
            all.add(of(ScoreCalibrator.plattScaling(labels), test));
        }
        return all;
    }

    private static Recalibration of(ScoreCalibrator calibrator, ScoredLabels test) {
        ScoredLabels calibrated = calibrator.calibrate(test);
        return new Recalibration(
                calibrator,
                BrierScore.score(calibrated),
                ReliabilityDiagram.of(
                                calibrated,
                                ReliabilityDiagram.Binning.EQUAL_WIDTH,
                                NetworkResults.BINS)
                        .expectedCalibrationError());
    }
}
