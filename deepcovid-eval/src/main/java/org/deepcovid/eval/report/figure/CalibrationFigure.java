package org.deepcovid.eval.report.figure;

import java.util.List;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Observed share of positives against mean score, bin by bin, with intervals. */
public final class CalibrationFigure {

    private CalibrationFigure() {}

    /**
     * A reliability diagram.
     *
     * @param name of the figure
     * @param diagram its bins
     * @return the figure
     */
    public static Figure of(String name, ReliabilityDiagram diagram) {
        CurveChart chart =
                Charts.unitChart(
                        "Calibration",
                        "mean score of the bin",
                        "share of COVID images",
                        Charts.HEIGHT + 60);
        double[] diagonal = {0, 1};
        Charts.line(chart, "perfect calibration", diagonal, diagonal, Palette.MUTED, Charts.DOTTED);
        List<ReliabilityDiagram.Bin> bins = diagram.bins();
        addIntervals(chart, bins);
        Charts.points(
                chart,
                "observed in each bin",
                Charts.values(bins, ReliabilityDiagram.Bin::meanScore),
                Charts.values(bins, bin -> bin.observed().estimate()),
                Palette.FIRST,
                SeriesMarkers.CIRCLE);
        return Charts.figure(
                name,
                "Share of COVID images against mean score, bin by bin, with 95 % intervals. Bins"
                        + " with few images have long ones.",
                description(diagram),
                chart);
    }

    /** One line with gaps: from the lower to the upper limit of each bin. */
    private static void addIntervals(CurveChart chart, List<ReliabilityDiagram.Bin> bins) {
        double[] x = new double[3 * bins.size()];
        double[] y = new double[3 * bins.size()];
        for (int i = 0; i < bins.size(); i++) {
            ReliabilityDiagram.Bin bin = bins.get(i);
            x[3 * i] = bin.meanScore();
            x[3 * i + 1] = bin.meanScore();
            x[3 * i + 2] = bin.meanScore();
            y[3 * i] = bin.observed().interval().lower();
            y[3 * i + 1] = bin.observed().interval().upper();
            y[3 * i + 2] = Double.NaN;
        }
        Charts.line(chart, "95 % interval", x, y, Palette.FIRST, Charts.SOLID);
    }

    private static String description(ReliabilityDiagram diagram) {
        StringBuilder text =
                new StringBuilder("Share of COVID images against mean score, in bins of scores:");
        for (ReliabilityDiagram.Bin bin : diagram.bins()) {
            text.append(
                    " mean score %s, %d of %d;"
                            .formatted(
                                    Charts.number(bin.meanScore()),
                                    bin.observed().successes(),
                                    bin.observed().total()));
        }
        text.setCharAt(text.length() - 1, '.');
        return text + " A dotted diagonal marks perfect calibration.";
    }
}
