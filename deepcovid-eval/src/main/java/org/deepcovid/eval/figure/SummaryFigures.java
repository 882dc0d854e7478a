package org.deepcovid.eval.figure;

import static java.util.Objects.requireNonNull;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.ConfusionTable;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.deepcovid.eval.metrics.calibration.ScoreHistogram;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Figures of counts, bins, single estimates and pictures. */
public final class SummaryFigures {

    private static final int STRONGEST_TINT = 150;
    private static final int MARGIN = 60;
    private static final int NARROWEST_CELL = 95;
    private static final int LOWEST_CELL = 90;
    private static final int LETTER = 8; // pixels, about
    private static final int PANEL = 170;
    private static final int AXIS_TITLE = 30;

    private static final int COLUMNS = 3;
    private static final int GAP = 8;
    private static final int SIDE = (Charts.WIDTH - GAP) / COLUMNS - GAP;
    private static final int CAPTION = 24;
    private static final int TITLE = 34;

    private SummaryFigures() {}

    /**
     * One network of {@link #publishedAreas}.
     *
     * @param label its name
     * @param published area that the paper states
     * @param found area of this run
     */
    public record AreaPair(String label, double published, AucEstimate found) {

        /** Rejects null. */
        public AreaPair {
            requireNonNull(label, "label is null");
            requireNonNull(found, "found is null");
        }
    }

    /**
     * One picture of {@link #thumbnails}.
     *
     * @param image drawn as a square
     * @param caption a few words; truncated to the width of the picture
     */
    public record Thumbnail(BufferedImage image, String caption) {

        /** Rejects null. */
        public Thumbnail {
            requireNonNull(image, "image is null");
            requireNonNull(caption, "caption is null");
        }
    }

    /**
     * A confusion matrix; rows are labels of the dataset, columns decisions of the network. Each
     * cell is tinted by its share of the row.
     *
     * @param name of the figure
     * @param title of the figure
     * @param decision how the columns are decided, such as {@code "at the threshold"}
     * @param table the counts
     */
    public static Figure confusion(
            String name, String title, String decision, ConfusionTable table) {
        int size = table.names().size();
        CurveChart chart =
                Charts.chart(
                        title,
                        "called by the network",
                        "label of the dataset",
                        Math.max(Charts.WIDTH, MARGIN + size * NARROWEST_CELL),
                        Math.max(Charts.HEIGHT - 60, MARGIN + size * LOWEST_CELL));
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax((double) size)
                .setYAxisMin(0.0)
                .setYAxisMax(size + 0.4);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setAxisTicksVisible(false);
        chart.getStyler().setPlotGridLinesVisible(false);
        chart.getStyler().setPlotBorderVisible(false);
        StringBuilder description = new StringBuilder();
        int letters = (chart.getWidth() - MARGIN) / size / LETTER;
        for (int row = 0; row < size; row++) {
            List<String> called = new ArrayList<>();
            for (int column = 0; column < size; column++) {
                cell(chart, table, row, column, letters);
                called.add(table.count(row, column) + " " + table.names().get(column));
            }
            description.append(
                    "Of %d %s images are called: %s. "
                            .formatted(
                                    table.cases(row),
                                    table.names().get(row),
                                    String.join(", ", called)));
            String header = (size == 2 ? "called " : "") + table.names().get(row);
            Charts.text(chart, shortened(header, letters), row + 0.5, size + 0.2);
        }
        return Charts.figure(
                name,
                "Counts %s; percentages are of the row, and a stronger colour marks a larger one."
                        .formatted(decision),
                description.toString().strip(),
                chart);
    }

    private static void cell(
            CurveChart chart, ConfusionTable table, int row, int column, int letters) {
        Optional<Double> known = table.rowShare(row, column).map(Proportion::estimate);
        double share = known.orElse(0.0);
        double bottom = table.names().size() - 1.0 - row;
        double left = column + 0.02;
        double right = column + 0.98;
        double[] x = {left, left, right, right};
        double[] y = {bottom + 0.02, bottom + 0.98, bottom + 0.98, bottom + 0.02};
        int alpha = 20 + (int) Math.round(share * (STRONGEST_TINT - 20));
        chart.addArea(row + ", " + column, x, y, Palette.FIRST, alpha);
        double middle = column + 0.5;
        String counts = "%d of %d".formatted(table.count(row, column), table.cases(row));
        String label = shortened(table.names().get(row), letters);
        Charts.text(chart, label, middle, bottom + 0.72);
        Charts.text(chart, counts, middle, bottom + 0.5);
        String percent =
                known.map(s -> String.format(Locale.ROOT, "%.1f %%", s * 100)).orElse("none");
        Charts.text(chart, percent, middle, bottom + 0.3);
    }

    private static String shortened(String name, int letters) {
        return name.length() <= letters ? name : name.substring(0, letters - 1) + "\u2026";
    }

    /**
     * Histograms of scores in {@value ScoreHistogram#DEFAULT_BINS} bins, one panel per group above
     * a common axis. Each panel has its own scale of counts.
     *
     * @param name of the figure
     * @param groups scores by the name of their group, at least one, from top to bottom
     * @param threshold marked in every panel
     * @throws IllegalArgumentException if there is no group
     */
    public static Figure histograms(
            String name, Map<String, ScoredLabels> groups, double threshold) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("there are 0 groups; expected at least one");
        }
        List<CurveChart> panels = new ArrayList<>();
        StringBuilder description = new StringBuilder("Histograms of the scores.");
        groups.forEach(
                (group, scores) -> {
                    boolean last = panels.size() == groups.size() - 1;
                    panels.add(panel(group, scores, threshold, last));
                    description.append(panelDescription(group, scores, threshold));
                });
        return new Figure(
                name,
                "Scores by group",
                ("Images in %d bins of scores; a dashed line marks the"
                                + " threshold. Each panel has its own scale.")
                        .formatted(ScoreHistogram.DEFAULT_BINS),
                description.toString(),
                Charts.WIDTH,
                PANEL * panels.size() + AXIS_TITLE,
                graphics -> stack(graphics, panels));
    }

    private static void stack(Graphics2D graphics, List<CurveChart> panels) {
        AffineTransform origin = graphics.getTransform();
        int top = 0;
        for (CurveChart panel : panels) {
            graphics.setTransform(origin);
            graphics.setClip(null);
            graphics.translate(0, top);
            panel.paint(graphics, panel.getWidth(), panel.getHeight());
            top += panel.getHeight();
        }
    }

    private static CurveChart panel(
            String group, ScoredLabels scores, double threshold, boolean last) {
        List<ScoreHistogram.Bin> bins = ScoreHistogram.of(scores).bins();
        int highest = bins.stream().mapToInt(SummaryFigures::count).max().orElse(0);
        double top = Math.max(1.0, highest * 1.08);
        CurveChart chart =
                Charts.chart(
                        "%s (%d images)".formatted(group, scores.size()),
                        last ? "score" : "",
                        "images",
                        PANEL + (last ? AXIS_TITLE : 0));
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax(1.0)
                .setYAxisMin(0.0)
                .setYAxisMax(top)
                .setXAxisDecimalPattern("0.0")
                .setYAxisDecimalPattern("0")
                .setYAxisLeftWidthHint(70);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setChartTitleFont(Fonts.bold(13));
        for (ScoreHistogram.Bin bin : bins) {
            if (count(bin) > 0) {
                double[] x = {bin.lower(), bin.lower(), bin.upper(), bin.upper()};
                double[] y = {0, count(bin), count(bin), 0};
                chart.addArea("from " + bin.lower(), x, y, Palette.FIRST, 255);
            }
        }
        double[] at = {threshold, threshold};
        chart.addLine("threshold", at, new double[] {0, top}, Palette.SECOND, Charts.DASHED);
        return chart;
    }

    private static int count(ScoreHistogram.Bin bin) {
        return bin.positives() + bin.negatives();
    }

    private static String panelDescription(String group, ScoredLabels scores, double threshold) {
        long above =
                IntStream.range(0, scores.size())
                        .filter(row -> scores.score(row) >= threshold)
                        .count();
        return " %s: %d images, %d of them at or above the threshold %s, a dashed line."
                .formatted(group, scores.size(), above, Charts.number(threshold));
    }

    /**
     * A reliability diagram: share of positives against mean score of each bin, with intervals.
     *
     * @param name of the figure
     * @param positive name of the positive label
     * @param diagram its bins
     */
    public static Figure calibration(String name, String positive, ReliabilityDiagram diagram) {
        CurveChart chart =
                Charts.unitChart(
                        "Calibration",
                        "mean score of the bin",
                        "share of %s images".formatted(positive),
                        Charts.HEIGHT + 60);
        double[] diagonal = {0, 1};
        chart.addLine("perfect calibration", diagonal, diagonal, Palette.MUTED, Charts.DOTTED);
        List<ReliabilityDiagram.Bin> bins = diagram.bins();
        double[] means = Charts.values(bins, ReliabilityDiagram.Bin::meanScore);
        addIntervals(chart, means, bins.stream().map(bin -> bin.observed().interval()).toList());
        chart.addPoints(
                "observed in each bin",
                means,
                Charts.values(bins, bin -> bin.observed().estimate()),
                Palette.FIRST,
                SeriesMarkers.CIRCLE);
        String listed =
                bins.stream()
                        .map(
                                bin ->
                                        " mean score %s, %d of %d"
                                                .formatted(
                                                        Charts.number(bin.meanScore()),
                                                        bin.observed().successes(),
                                                        bin.observed().total()))
                        .collect(Collectors.joining(";"));
        return Charts.figure(
                name,
                "Share of %s images against mean score of each bin, with 95 %% intervals, which are long for bins with few images."
                        .formatted(positive),
                "Share of %s images against mean score, in bins of scores:%s. A dotted diagonal marks perfect calibration."
                        .formatted(positive, listed),
                chart);
    }

    /** One line with gaps: from the lower to the upper limit of each interval. */
    private static void addIntervals(
            CurveChart chart, double[] positions, List<ConfidenceInterval> intervals) {
        double[] x = new double[3 * positions.length];
        double[] y = new double[3 * positions.length];
        for (int i = 0; i < positions.length; i++) {
            x[3 * i] = positions[i];
            x[3 * i + 1] = positions[i];
            x[3 * i + 2] = positions[i];
            y[3 * i] = intervals.get(i).lower();
            y[3 * i + 1] = intervals.get(i).upper();
            y[3 * i + 2] = Double.NaN;
        }
        chart.addLine("95 % interval", x, y, Palette.FIRST, Charts.SOLID);
    }

    /**
     * Published areas under the ROC curve beside those of this run: two points per network.
     *
     * @param name of the figure
     * @param networks at least one
     * @throws IllegalArgumentException if there is no network
     */
    public static Figure publishedAreas(String name, List<AreaPair> networks) {
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("there are 0 networks; expected at least one");
        }
        double lowest =
                networks.stream()
                        .mapToDouble(r -> Math.min(r.published(), r.found().interval().lower()))
                        .min()
                        .orElseThrow();
        double bottom = Math.max(0, Math.floor(lowest * 20 - 1) / 20);
        CurveChart chart =
                Charts.chart(
                        "Published and found areas", "", "area under the ROC curve", Charts.HEIGHT);
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax((double) networks.size())
                .setYAxisMin(bottom)
                .setYAxisMax(1.0)
                .setXAxisTicksVisible(false)
                .setPlotGridVerticalLinesVisible(false)
                .setYAxisDecimalPattern("0.00");
        double[] right = positions(networks, 0.6);
        addIntervals(chart, right, networks.stream().map(n -> n.found().interval()).toList());
        chart.addPoints(
                "this run, its own images",
                right,
                Charts.values(networks, network -> network.found().auc()),
                Palette.FIRST,
                SeriesMarkers.CIRCLE);
        chart.addPoints(
                "paper, its images",
                positions(networks, 0.4),
                Charts.values(networks, AreaPair::published),
                Palette.SECOND,
                SeriesMarkers.DIAMOND);
        for (int i = 0; i < networks.size(); i++) {
            Charts.text(chart, networks.get(i).label(), i + 0.5, bottom + 0.03 * (1 - bottom));
        }
        String listed =
                networks.stream()
                        .map(
                                n ->
                                        " %s: published %s, found %s"
                                                .formatted(
                                                        n.label(),
                                                        Charts.number(n.published()),
                                                        Charts.estimate(
                                                                n.found().auc(),
                                                                n.found().interval())))
                        .collect(Collectors.joining(";"));
        return Charts.figure(
                name,
                "The paper's areas were measured on its own images; a difference need not come from"
                        + " the networks.",
                "Areas under the ROC curve:" + listed + ".",
                chart);
    }

    private static double[] positions(List<AreaPair> networks, double offset) {
        return IntStream.range(0, networks.size()).mapToDouble(i -> i + offset).toArray();
    }

    /**
     * Small pictures with captions, in rows of {@value #COLUMNS}.
     *
     * @param name of the figure
     * @param title of the figure
     * @param thumbnails row by row, at least one
     * @throws IllegalArgumentException if there is no picture
     */
    public static Figure thumbnails(String name, String title, List<Thumbnail> thumbnails) {
        if (thumbnails.isEmpty()) {
            throw new IllegalArgumentException("there are 0 pictures; expected at least one");
        }
        List<Thumbnail> copy = List.copyOf(thumbnails);
        int rows = (copy.size() + COLUMNS - 1) / COLUMNS;
        return new Figure(
                name,
                title,
                "Small pictures.",
                copy.stream().map(Thumbnail::caption).collect(Collectors.joining("; ")),
                Charts.WIDTH,
                TITLE + rows * (SIDE + CAPTION) + GAP,
                graphics -> paint(graphics, title, copy));
    }

    private static void paint(Graphics2D graphics, String title, List<Thumbnail> thumbnails) {
        graphics.setColor(Palette.INK.colour());
        graphics.setFont(Fonts.bold(15));
        int width = graphics.getFontMetrics().stringWidth(title);
        graphics.drawString(title, (Charts.WIDTH - width) / 2, 22);
        graphics.setFont(Fonts.plain(12));
        FontMetrics metrics = graphics.getFontMetrics();
        for (int i = 0; i < thumbnails.size(); i++) {
            int x = GAP + i % COLUMNS * (SIDE + GAP);
            int y = TITLE + i / COLUMNS * (SIDE + CAPTION);
            graphics.drawImage(thumbnails.get(i).image(), x, y, SIDE, SIDE, null);
            String caption = truncated(thumbnails.get(i).caption(), metrics);
            graphics.drawString(caption, x, y + SIDE + 16);
        }
    }

    private static String truncated(String caption, FontMetrics metrics) {
        String text = caption;
        while (metrics.stringWidth(text) > SIDE) {
            text = text.substring(0, text.length() - 2) + "\u2026";
        }
        return text;
    }
}
