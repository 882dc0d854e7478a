package org.deepcovid.eval.report.figure;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.IntStream;
import org.deepcovid.eval.metrics.AucEstimate;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Published areas under the ROC curve beside those of a run, network by network. */
public final class PublishedFigure {

    private PublishedFigure() {}

    /**
     * One network.
     *
     * @param label its name
     * @param published area that the paper states
     * @param found area of the run
     */
    public record Row(String label, double published, AucEstimate found) {

        /**
         * Checks the components.
         *
         * @throws NullPointerException if a component is null
         */
        public Row {
            requireNonNull(label, "label is null");
            requireNonNull(found, "found is null");
        }
    }

    /**
     * Two points a network.
     *
     * @param name of the figure
     * @param rows at least one
     * @return the figure
     * @throws IllegalArgumentException if there is no row
     */
    public static Figure of(String name, List<Row> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("there are 0 networks; expected at least one");
        }
        double lowest =
                rows.stream()
                        .mapToDouble(r -> Math.min(r.published(), r.found().interval().lower()))
                        .min()
                        .orElseThrow();
        double bottom = Math.max(0, Math.floor(lowest * 20 - 1) / 20);
        CurveChart chart =
                Charts.chart(
                        "Published and found areas", "", "area under the ROC curve", Charts.HEIGHT);
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax((double) rows.size())
                .setYAxisMin(bottom)
                .setYAxisMax(1.0)
                .setXAxisTicksVisible(false)
                .setPlotGridVerticalLinesVisible(false)
                .setYAxisDecimalPattern("0.00");
        double[] middle = IntStream.range(0, rows.size()).mapToDouble(i -> i + 0.5).toArray();
        addIntervals(chart, rows);
        Charts.points(
                chart,
                "this run, its own images",
                IntStream.range(0, rows.size()).mapToDouble(i -> i + 0.6).toArray(),
                Charts.values(rows, row -> row.found().auc()),
                Palette.FIRST,
                SeriesMarkers.CIRCLE);
        Charts.points(
                chart,
                "paper, its images",
                IntStream.range(0, rows.size()).mapToDouble(i -> i + 0.4).toArray(),
                Charts.values(rows, Row::published),
                Palette.SECOND,
                SeriesMarkers.DIAMOND);
        StringBuilder description = new StringBuilder("Areas under the ROC curve:");
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            Charts.text(chart, row.label(), middle[i], bottom + 0.03 * (1 - bottom));
            description.append(
                    " %s: published %s, found %s [%s, %s];"
                            .formatted(
                                    row.label(),
                                    Charts.number(row.published()),
                                    Charts.number(row.found().auc()),
                                    Charts.number(row.found().interval().lower()),
                                    Charts.number(row.found().interval().upper())));
        }
        description.setCharAt(description.length() - 1, '.');
        return Charts.figure(
                name,
                "The paper's areas were measured on its own images; a difference need not be one of"
                        + " the networks.",
                description.toString(),
                chart);
    }

    private static void addIntervals(CurveChart chart, List<Row> rows) {
        double[] x = new double[3 * rows.size()];
        double[] y = new double[3 * rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            x[3 * i] = i + 0.6;
            x[3 * i + 1] = i + 0.6;
            x[3 * i + 2] = i + 0.6;
            y[3 * i] = rows.get(i).found().interval().lower();
            y[3 * i + 1] = rows.get(i).found().interval().upper();
            y[3 * i + 2] = Double.NaN;
        }
        Charts.line(chart, "95 % interval", x, y, Palette.FIRST, Charts.SOLID);
    }
}
