package org.deepcovid.eval.report.figure;

import java.util.Locale;
import org.deepcovid.eval.metrics.ConfusionMatrix;

/** The four counts at a threshold, as a square of squares, tinted by their share of the row. */
public final class ConfusionFigure {

    private static final int STRONGEST = 150;

    private ConfusionFigure() {}

    /**
     * A confusion matrix; rows are what the dataset says, columns what the network calls.
     *
     * @param name of the figure
     * @param counts the counts
     * @return the figure
     */
    public static Figure of(String name, ConfusionMatrix counts) {
        CurveChart chart =
                Charts.chart(
                        "Confusion matrix",
                        "called by the network",
                        "label of the dataset",
                        Charts.HEIGHT - 60);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(2.0).setYAxisMin(0.0).setYAxisMax(2.4);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setAxisTicksVisible(false);
        chart.getStyler().setPlotGridLinesVisible(false);
        chart.getStyler().setPlotBorderVisible(false);
        cell(chart, "covid, called covid", 0, 1, counts.truePositives(), counts.positives());
        cell(chart, "covid, called non", 1, 1, counts.falseNegatives(), counts.positives());
        cell(chart, "non, called covid", 0, 0, counts.falsePositives(), counts.negatives());
        cell(chart, "non, called non", 1, 0, counts.trueNegatives(), counts.negatives());
        Charts.text(chart, "called covid", 0.5, 2.2);
        Charts.text(chart, "called non", 1.5, 2.2);
        return Charts.figure(
                name,
                "Counts at the threshold; shares are of the row, and the stronger the colour the"
                        + " larger the share.",
                ("Of %d COVID images %d are called covid and %d non. Of %d other images %d are"
                                + " called covid and %d non.")
                        .formatted(
                                counts.positives(),
                                counts.truePositives(),
                                counts.falseNegatives(),
                                counts.negatives(),
                                counts.falsePositives(),
                                counts.trueNegatives()),
                chart);
    }

    private static void cell(
            CurveChart chart, String label, int column, int row, int count, int rowTotal) {
        double share = rowTotal == 0 ? 0 : count / (double) rowTotal;
        double left = column + 0.02;
        double right = column + 0.98;
        double[] x = {left, left, right, right};
        double[] y = {row + 0.02, row + 0.98, row + 0.98, row + 0.02};
        int alpha = 20 + (int) Math.round(share * (STRONGEST - 20));
        Charts.area(chart, label, x, y, Palette.FIRST, alpha);
        double middle = column + 0.5;
        Charts.text(chart, label.substring(0, label.indexOf(',')), middle, row + 0.72);
        Charts.text(chart, "%d of %d".formatted(count, rowTotal), middle, row + 0.5);
        Charts.text(chart, String.format(Locale.ROOT, "%.1f %%", share * 100), middle, row + 0.3);
    }
}
