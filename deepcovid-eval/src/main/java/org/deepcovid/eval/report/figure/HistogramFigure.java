package org.deepcovid.eval.report.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.calibration.ScoreHistogram;

/**
 * How the scores of several groups are spread, one panel a group above a common axis, as the
 * Deep-COVID paper shows its networks. Each panel has its own scale of counts.
 */
public final class HistogramFigure {

    private static final int PANEL = 170;
    private static final int BELOW = 30;

    private HistogramFigure() {}

    /**
     * Histograms of {@value ScoreHistogram#DEFAULT_BINS} bins.
     *
     * @param name of the figure
     * @param groups scores by the name of their group, at least one, from top to bottom
     * @param threshold to be marked in every panel
     * @return the figure
     * @throws IllegalArgumentException if there is no group
     */
    public static Figure of(String name, Map<String, ScoredLabels> groups, double threshold) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("there are 0 groups; expected at least one");
        }
        List<CurveChart> panels = new ArrayList<>();
        StringBuilder description = new StringBuilder("Histograms of the scores.");
        groups.forEach(
                (group, scores) -> {
                    boolean last = panels.size() == groups.size() - 1;
                    panels.add(panel(group, scores, threshold, last));
                    description.append(summary(group, scores, threshold));
                });
        int height = PANEL * panels.size() + BELOW;
        return new Figure(
                name,
                "Scores by group",
                ("Images in %d bins of scores; a dashed line marks the"
                                + " threshold. Each panel has its own scale.")
                        .formatted(ScoreHistogram.DEFAULT_BINS),
                description.toString(),
                Charts.WIDTH,
                height,
                graphics -> {
                    java.awt.geom.AffineTransform origin = graphics.getTransform();
                    int top = 0;
                    for (CurveChart panel : panels) {
                        graphics.setTransform(origin);
                        graphics.setClip(null);
                        graphics.translate(0, top);
                        panel.paint(graphics, panel.getWidth(), panel.getHeight());
                        top += panel.getHeight();
                    }
                });
    }

    private static CurveChart panel(
            String group, ScoredLabels scores, double threshold, boolean last) {
        List<ScoreHistogram.Bin> bins = ScoreHistogram.of(scores).bins();
        int highest = bins.stream().mapToInt(HistogramFigure::count).max().orElse(0);
        CurveChart chart =
                Charts.chart(
                        "%s (%d images)".formatted(group, scores.size()),
                        last ? "score" : "",
                        "images",
                        PANEL + (last ? BELOW : 0));
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax(1.0)
                .setYAxisMin(0.0)
                .setYAxisMax(Math.max(1.0, highest * 1.08))
                .setXAxisDecimalPattern("0.0")
                .setYAxisDecimalPattern("0")
                .setYAxisLeftWidthHint(70);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setChartTitleFont(Fonts.bold(13));
        for (ScoreHistogram.Bin bin : bins) {
            if (count(bin) > 0) {
                addBar(chart, bin);
            }
        }
        double[] at = {threshold, threshold};
        double[] span = {0, Math.max(1.0, highest * 1.08)};
        Charts.line(chart, "threshold", at, span, Palette.SECOND, Charts.DASHED);
        return chart;
    }

    private static int count(ScoreHistogram.Bin bin) {
        return bin.positives() + bin.negatives();
    }

    private static void addBar(CurveChart chart, ScoreHistogram.Bin bin) {
        double[] x = {bin.lower(), bin.lower(), bin.upper(), bin.upper()};
        double[] y = {0, count(bin), count(bin), 0};
        Charts.area(chart, "from " + bin.lower(), x, y, Palette.FIRST, 255);
    }

    private static String summary(String group, ScoredLabels scores, double threshold) {
        int above = 0;
        for (int row = 0; row < scores.size(); row++) {
            above += scores.score(row) >= threshold ? 1 : 0;
        }
        return " %s: %d images, %d of them at or above the threshold %s, a dashed line."
                .formatted(group, scores.size(), above, Charts.number(threshold));
    }
}
