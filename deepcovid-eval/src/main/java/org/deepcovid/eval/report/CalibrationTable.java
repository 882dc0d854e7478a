package org.deepcovid.eval.report;

import java.util.Optional;
import org.deepcovid.eval.metrics.calibration.BrierScore;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;

/** Whether one network's scores are probabilities. */
final class CalibrationTable {

    private CalibrationTable() {}

    static HtmlTable of(NetworkResults results) {
        HtmlTable table = new HtmlTable("Calibration of the scores", "figure", "value", "meaning");
        table.row(
                "average prediction, COVID images",
                Format.number(results.averages().ofPositives()),
                "mean score; 1 at best");
        table.row(
                "average prediction, other images",
                Format.number(results.averages().ofNegatives()),
                "mean score; 0 at best");
        BrierScore brier = results.brier();
        table.row(
                "Brier score",
                Format.number(brier.score()),
                "mean squared error of the score, 0 at best; %s for the prevalence alone"
                        .formatted(Format.number(brier.uncertainty())));
        table.row(
                "its parts",
                "%s - %s + %s + %s"
                        .formatted(
                                Format.number(brier.reliability()),
                                Format.number(brier.resolution()),
                                Format.number(brier.uncertainty()),
                                Format.number(brier.withinBins())),
                "reliability - resolution + uncertainty + spread within bins");
        table.row(
                "expected calibration error, equal width",
                Format.number(results.reliability().expectedCalibrationError()),
                "mean gap over %d bins, 0 at best".formatted(NetworkResults.BINS));
        table.row(
                "expected calibration error, equal mass",
                Format.number(results.reliabilityByMass().expectedCalibrationError()),
                "the same over bins of equally many images");
        Optional<CalibrationLine> line = results.calibration();
        table.row(
                "calibration slope",
                line.map(l -> coefficient(l.slope()))
                        .orElse("none: the scores separate the classes"),
                "1 at best; below 1 the scores are too extreme");
        table.row(
                "calibration intercept",
                line.map(l -> coefficient(l.calibrationInTheLarge())).orElse(Format.NONE),
                "at slope 1; 0 at best, above 0 the scores are too low");
        for (Recalibration after : results.recalibrations()) {
            table.row(
                    "Brier score, calibration error after "
                            + (after.calibrator().describe().startsWith("Platt")
                                    ? "Platt scaling"
                                    : "temperature scaling"),
                    "%s, %s"
                            .formatted(
                                    Format.number(after.brier()),
                                    Format.number(after.expectedError())),
                    after.calibrator().describe()
                            + "; fitted on the images of the threshold, not applied elsewhere");
        }
        return table;
    }

    private static String coefficient(CalibrationLine.Coefficient c) {
        return Format.number(c.estimate()) + " " + Format.interval(c.interval());
    }
}
