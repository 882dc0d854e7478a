package org.deepcovid.eval.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A chart whose curves are single paths. XChart draws a curve as one line per pair of points, so
 * that a dash pattern starts again at every point and looks solid. Here XChart draws the axes, the
 * areas and the legend; curves and points are drawn afterwards, in the order in which they were
 * added.
 */
final class CurveChart extends XYChart {

    private static final BasicStroke NO_LINE = new BasicStroke(0);
    static final Color CLEAR = new Color(255, 255, 255, 0);

    private record Curve(List<Point2D> points, Color colour, BasicStroke stroke, Marker marker) {}

    private final List<Curve> curves = new ArrayList<>();

    CurveChart(XYChartBuilder builder) {
        super(builder);
    }

    /** A line; a NaN in y leaves a gap. */
    void addLine(String label, double[] x, double[] y, Palette palette, BasicStroke stroke) {
        Color colour = palette.colour();
        XYSeries legend = addLegendEntry(label);
        legend.setMarker(SeriesMarkers.NONE);
        legend.setLineColor(colour);
        legend.setLineStyle(stroke);
        legend.setMarkerColor(CLEAR);
        curves.add(new Curve(points(x, y), colour, stroke, SeriesMarkers.NONE));
    }

    /** Points without a line. */
    void addPoints(String label, double[] x, double[] y, Palette palette, Marker marker) {
        Color colour = palette.colour();
        XYSeries legend = addLegendEntry(label);
        legend.setMarker(marker);
        legend.setMarkerColor(colour);
        legend.setLineStyle(NO_LINE);
        legend.setLineColor(CLEAR);
        curves.add(new Curve(points(x, y), colour, NO_LINE, marker));
    }

    /** A filled polygon, with an alpha of 0 to 255. */
    void addArea(String label, double[] x, double[] y, Palette fill, int alpha) {
        XYSeries series = addSeries(label, x, y);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        series.setMarker(SeriesMarkers.NONE);
        series.setMarkerColor(CLEAR);
        series.setFillColor(fill.withAlpha(alpha));
        series.setLineColor(CLEAR);
        series.setLineStyle(NO_LINE);
    }

    private static List<Point2D> points(double[] x, double[] y) {
        List<Point2D> points = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            points.add(new Point2D.Double(x[i], y[i]));
        }
        return points;
    }

    /** A series that XChart shows in the legend alone, as it has no value to draw. */
    private XYSeries addLegendEntry(String label) {
        return addSeries(label, new double[] {0}, new double[] {Double.NaN});
    }

    @Override
    public void paint(Graphics2D graphics, int width, int height) {
        super.paint(graphics, width, height);
        for (Curve curve : curves) {
            graphics.setColor(curve.colour());
            if (curve.stroke().getLineWidth() > 0) {
                graphics.setStroke(curve.stroke());
                graphics.draw(path(curve));
            }
            if (curve.marker() != SeriesMarkers.NONE) {
                for (Point2D point : curve.points()) {
                    curve.marker()
                            .paint(
                                    graphics,
                                    getScreenXFromChart(point.getX()),
                                    getScreenYFromChart(point.getY()),
                                    getStyler().getMarkerSize());
                }
            }
        }
    }

    private Path2D path(Curve curve) {
        Path2D path = new Path2D.Double();
        boolean start = true;
        for (Point2D point : curve.points()) {
            if (Double.isNaN(point.getY())) {
                start = true;
                continue;
            }
            double x = getScreenXFromChart(point.getX());
            double y = getScreenYFromChart(point.getY());
            if (start) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
            start = false;
        }
        return path;
    }
}
