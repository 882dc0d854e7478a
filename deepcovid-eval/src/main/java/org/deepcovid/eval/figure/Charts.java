package org.deepcovid.eval.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;

/** Style that all charts share, and helpers to make figures of them. */
final class Charts {

    static final int WIDTH = 440;
    static final int HEIGHT = 440;
    static final BasicStroke SOLID = stroke();
    static final BasicStroke DASHED = stroke(7, 4);
    static final BasicStroke DOTTED = stroke(1.5f, 4);
    static final BasicStroke DASH_DOTTED = stroke(9, 4, 1.5f, 4);

    private static final Color CLEAR = CurveChart.CLEAR;
    private static final float LINE = 2;

    private Charts() {}

    private static BasicStroke stroke(float... dashes) {
        return new BasicStroke(
                LINE,
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                10,
                dashes.length == 0 ? null : dashes,
                0);
    }

    /**
     * The dash of the n-th of several lines, from 0. Colours repeat after four lines, dash and
     * colour together after sixteen.
     */
    static BasicStroke dash(int index) {
        return List.of(SOLID, DASHED, DASH_DOTTED, DOTTED).get((index + index / 4) % 4);
    }

    static CurveChart chart(String title, String xTitle, String yTitle, int height) {
        return chart(title, xTitle, yTitle, WIDTH, height);
    }

    static CurveChart chart(String title, String xTitle, String yTitle, int width, int height) {
        CurveChart chart =
                new CurveChart(
                        new XYChartBuilder()
                                .width(width)
                                .height(height)
                                .title(title)
                                .xAxisTitle(xTitle)
                                .yAxisTitle(yTitle));
        XYStyler style = chart.getStyler();
        style.setLocale(Locale.ROOT);
        style.setChartPadding(12);
        style.setMarkerSize(9);
        colours(style);
        style.setChartTitleFont(Fonts.bold(15));
        style.setAxisTitleFont(Fonts.plain(14));
        style.setAxisTickLabelsFont(Fonts.plain(13));
        style.setLegendFont(Fonts.plain(13));
        style.setAnnotationTextFont(Fonts.plain(14));
        style.setLegendPosition(LegendPosition.OutsideS);
        style.setLegendLayout(LegendLayout.Vertical);
        style.setLegendPadding(6);
        style.setPlotContentSize(0.98);
        style.setPlotMargin(0);
        keepRoundTicks(chart);
        return chart;
    }

    /**
     * XChart puts ticks on the data where all x values are equally spaced, and rounds their labels;
     * a hidden series of uneven spacing makes it choose round numbers.
     */
    private static void keepRoundTicks(CurveChart chart) {
        double[] uneven = {0, 0.3, 1};
        chart.addSeries("uneven", uneven, uneven).setShowInLegend(false).setEnabled(false);
    }

    private static void colours(XYStyler style) {
        style.setChartBackgroundColor(CLEAR);
        style.setPlotBackgroundColor(CLEAR);
        style.setLegendBackgroundColor(CLEAR);
        style.setLegendBorderColor(CLEAR);
        style.setChartFontColor(Palette.INK.colour());
        style.setChartTitleFontColor(Palette.INK.colour());
        style.setXAxisTitleColor(Palette.INK.colour());
        style.setYAxisTitleColor(Palette.INK.colour());
        style.setAxisTickLabelsColor(Palette.INK.colour());
        style.setAxisTickMarksColor(Palette.MUTED.colour());
        style.setPlotBorderColor(Palette.MUTED.colour());
        style.setPlotGridLinesColor(Palette.GRID.colour());
        style.setAnnotationTextFontColor(Palette.INK.colour());
        style.setPlotGridLinesStroke(new BasicStroke(1));
    }

    /** A chart whose both axes run from 0 to 1. */
    static CurveChart unitChart(String title, String xTitle, String yTitle, int height) {
        CurveChart chart = chart(title, xTitle, yTitle, height);
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax(1.0)
                .setYAxisMin(0.0)
                .setYAxisMax(1.0)
                .setXAxisDecimalPattern("0.0")
                .setYAxisDecimalPattern("0.0");
        return chart;
    }

    static void text(CurveChart chart, String text, double x, double y) {
        chart.addAnnotation(new AnnotationText(text, x, y, false));
    }

    static <T> double[] values(List<T> items, ToDoubleFunction<? super T> value) {
        return items.stream().mapToDouble(value).toArray();
    }

    static Figure figure(String name, String caption, String description, CurveChart chart) {
        return new Figure(
                name,
                chart.getTitle(),
                caption,
                description,
                chart.getWidth(),
                chart.getHeight(),
                graphics -> chart.paint(graphics, chart.getWidth(), chart.getHeight()));
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** As in {@code 0.912 [0.873, 0.941]}. */
    static String estimate(double value, ConfidenceInterval interval) {
        return "%s [%s, %s]"
                .formatted(number(value), number(interval.lower()), number(interval.upper()));
    }
}
