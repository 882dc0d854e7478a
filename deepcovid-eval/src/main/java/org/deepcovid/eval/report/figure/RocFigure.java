package org.deepcovid.eval.report.figure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.RocBand;
import org.deepcovid.eval.metrics.RocCurve;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * ROC curves: sensitivity against 1 - specificity, with the line of chance. At most {@value
 * #MAX_POINTS} points of a curve are drawn, whatever the number of cases.
 */
public final class RocFigure {

    static final int MAX_POINTS = 500;

    private static final double[] CHANCE = {0, 1};

    private RocFigure() {}

    /**
     * One curve with its band and operating point.
     *
     * @param name of the figure
     * @param curve the curve
     * @param auc its area, for the legend
     * @param threshold the operating point to mark
     * @param band confidence band, or empty for none
     * @return the figure
     */
    public static Figure of(
            String name,
            RocCurve curve,
            AucEstimate auc,
            double threshold,
            Optional<RocBand> band) {
        CurveChart chart = chart("ROC curve");
        band.ifPresent(known -> addBand(chart, known));
        Charts.line(chart, "chance", CHANCE, CHANCE, Palette.MUTED, Charts.DOTTED);
        String area = area(auc);
        addCurve(chart, "AUC " + area, curve, 0);
        RocCurve.Point point = curve.at(threshold);
        Charts.points(
                chart,
                "at threshold %s:\nsensitivity %s\nspecificity %s"
                        .formatted(
                                Charts.number(threshold),
                                Charts.number(point.sensitivity()),
                                Charts.number(point.specificity())),
                new double[] {point.falsePositiveRate()},
                new double[] {point.sensitivity()},
                Palette.SECOND,
                SeriesMarkers.DIAMOND);
        return Charts.figure(
                name,
                "The band holds for one point at a time, from resampled patients. The diamond is"
                        + " the threshold, which was chosen without test images.",
                ("Sensitivity against 1 - specificity on the test images. Area under the curve %s."
                                + " At the threshold %s the sensitivity is %s and the specificity"
                                + " %s. A dotted diagonal marks chance.")
                        .formatted(
                                area,
                                Charts.number(threshold),
                                Charts.number(point.sensitivity()),
                                Charts.number(point.specificity())),
                chart);
    }

    /**
     * Several curves in one frame, each with its own colour and dash.
     *
     * @param name of the figure
     * @param curves by the name of their network, in the order in which they are drawn
     * @return the figure
     */
    public static Figure comparing(String name, Map<String, RocCurve> curves) {
        CurveChart chart = chart("ROC curves compared");
        Charts.line(chart, "chance", CHANCE, CHANCE, Palette.MUTED, Charts.DOTTED);
        StringBuilder areas = new StringBuilder();
        int index = 0;
        for (Map.Entry<String, RocCurve> entry : curves.entrySet()) {
            String label = entry.getKey() + "\nAUC " + area(entry.getValue().aucEstimate());
            addCurve(chart, label, entry.getValue(), index++);
            areas.append(' ').append(label.replace("\n", ": ")).append('.');
        }
        return Charts.figure(
                name,
                "All networks on the same test images.",
                "Sensitivity against 1 - specificity of several networks on the same test images."
                        + areas,
                chart);
    }

    private static CurveChart chart(String title) {
        return Charts.unitChart(title, "1 - specificity", "sensitivity", Charts.HEIGHT + 60);
    }

    private static void addCurve(CurveChart chart, String label, RocCurve curve, int index) {
        List<RocCurve.Point> points = curve.simplified(MAX_POINTS);
        Charts.line(
                chart,
                label,
                Charts.values(points, RocCurve.Point::falsePositiveRate),
                Charts.values(points, RocCurve.Point::sensitivity),
                Palette.series(index),
                Charts.dash(index));
    }

    private static void addBand(CurveChart chart, RocBand band) {
        int size = band.points().size();
        double[] x = new double[2 * size];
        double[] y = new double[2 * size];
        for (int i = 0; i < size; i++) {
            RocBand.Point point = band.points().get(i);
            x[i] = point.falsePositiveRate();
            y[i] = point.interval().lower();
            x[2 * size - 1 - i] = point.falsePositiveRate();
            y[2 * size - 1 - i] = point.interval().upper();
        }
        Charts.area(chart, "95 % band, point by point", x, y, Palette.FIRST, 50);
    }

    private static String area(AucEstimate auc) {
        return "%s [%s, %s]"
                .formatted(
                        Charts.number(auc.auc()),
                        Charts.number(auc.interval().lower()),
                        Charts.number(auc.interval().upper()));
    }
}
