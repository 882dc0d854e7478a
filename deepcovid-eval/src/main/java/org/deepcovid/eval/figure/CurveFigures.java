package org.deepcovid.eval.figure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepcovid.core.training.EpochSummary;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RiskCoverage;
import org.deepcovid.eval.metrics.RocBand;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Figures of curves: ROC, precision against recall, rates against the threshold, losses against the
 * epoch. At most {@value #MAX_POINTS} points of a curve are drawn, for any number of cases.
 */
public final class CurveFigures {

    private static final int MAX_POINTS = 500;
    private static final int DECISION_STEPS = 99;
    private static final double LOWEST_BENEFIT = -0.1; // lower values are drawn here
    private static final int SWEEP_STEPS = 400;
    private static final int SQUARE = Charts.HEIGHT + 60;
    private static final int LEGEND_ENTRY = 40;
    private static final double[] UNIT = {0, 1};

    private CurveFigures() {}

    /**
     * One ROC curve with its band and operating point.
     *
     * @param name of the figure
     * @param curve the curve
     * @param auc its area, for the legend
     * @param threshold the operating point to mark
     * @param band confidence band, or empty for none
     */
    public static Figure roc(
            String name,
            RocCurve curve,
            AucEstimate auc,
            double threshold,
            Optional<RocBand> band) {
        CurveChart chart = rocChart("ROC curve", SQUARE);
        band.ifPresent(known -> addBand(chart, known));
        chart.addLine("chance", UNIT, UNIT, Palette.MUTED, Charts.DOTTED);
        String area = Charts.estimate(auc.auc(), auc.interval());
        addRoc(chart, "AUC " + area, curve, 0);
        RocCurve.Point point = curve.at(threshold);
        chart.addPoints(
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
                "The band holds for one point at a time, from resampled patients. The diamond marks"
                        + " the threshold.",
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
     * Several ROC curves in one frame, each with its own colour and dash.
     *
     * @param name of the figure
     * @param curves by the name of their network, in drawing order
     */
    public static Figure comparedRocs(String name, Map<String, RocCurve> curves) {
        return rocs(
                name,
                "ROC curves compared",
                "All networks on the same test images.",
                "Sensitivity against 1 - specificity of several networks on the same test images.",
                curves);
    }

    /**
     * The ROC curve of each label against all others in one frame.
     *
     * @param name of the figure
     * @param curves by the name of the label, in drawing order
     */
    public static Figure rocsByLabel(String name, Map<String, RocCurve> curves) {
        return rocs(
                name,
                "ROC curve of each label",
                "Each label against all others, by the probability of the label.",
                "Sensitivity against 1 - specificity of each label against all others.",
                curves);
    }

    private static Figure rocs(
            String name,
            String title,
            String caption,
            String description,
            Map<String, RocCurve> curves) {
        int height = SQUARE + LEGEND_ENTRY * Math.max(0, curves.size() - 4);
        CurveChart chart = rocChart(title, height);
        chart.addLine("chance", UNIT, UNIT, Palette.MUTED, Charts.DOTTED);
        StringBuilder areas = new StringBuilder();
        int index = 0;
        for (Map.Entry<String, RocCurve> entry : curves.entrySet()) {
            AucEstimate auc = entry.getValue().aucEstimate();
            String label = entry.getKey() + "\nAUC " + Charts.estimate(auc.auc(), auc.interval());
            addRoc(chart, label, entry.getValue(), index++);
            areas.append(' ').append(label.replace("\n", ": ")).append('.');
        }
        return Charts.figure(name, caption, description + areas, chart);
    }

    private static CurveChart rocChart(String title, int height) {
        return Charts.unitChart(title, "1 - specificity", "sensitivity", height);
    }

    private static void addRoc(CurveChart chart, String label, RocCurve curve, int index) {
        List<RocCurve.Point> points = curve.simplified(MAX_POINTS);
        chart.addLine(
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
        chart.addArea("95 % band, point by point", x, y, Palette.FIRST, 50);
    }

    /**
     * Precision against recall, as steps, with the precision of no skill: the prevalence.
     *
     * @param name of the figure
     * @param positive name of the positive label
     * @param curve the curve
     * @param average average precision with its interval, for the legend; empty for the number
     *     alone
     */
    public static Figure precisionRecall(
            String name,
            String positive,
            PrecisionRecallCurve curve,
            Optional<Bootstrap.Estimate> average) {
        CurveChart chart =
                Charts.unitChart(
                        "Precision and recall",
                        "recall (sensitivity)",
                        "precision",
                        Charts.HEIGHT + 40);
        double prevalence = curve.noSkillPrecision();
        String noSkill = "no skill (prevalence) " + Charts.number(prevalence);
        double[] level = {prevalence, prevalence};
        chart.addLine(noSkill, UNIT, level, Palette.MUTED, Charts.DOTTED);
        String label =
                "average precision\n"
                        + average.flatMap(Bootstrap.Estimate::interval)
                                .map(i -> Charts.estimate(curve.averagePrecision(), i))
                                .orElse(Charts.number(curve.averagePrecision()));
        addSteps(chart, label, curve.simplified(MAX_POINTS));
        return Charts.figure(
                name,
                "The curve depends on the share of %s images; compare it only with curves of the same images."
                        .formatted(positive),
                "Precision against recall on the test images. The %s. A dotted line marks %s."
                        .formatted(label.replace('\n', ' '), noSkill),
                chart);
    }

    /** Each precision holds from the recall before it: the steps whose area is the average. */
    private static void addSteps(
            CurveChart chart, String label, List<PrecisionRecallCurve.Point> points) {
        double[] x = new double[2 * points.size()];
        double[] y = new double[2 * points.size()];
        double recall = 0;
        for (int i = 0; i < points.size(); i++) {
            PrecisionRecallCurve.Point point = points.get(i);
            x[2 * i] = recall;
            x[2 * i + 1] = point.recall();
            y[2 * i] = point.precision();
            y[2 * i + 1] = point.precision();
            recall = point.recall();
        }
        chart.addLine(label, x, y, Palette.FIRST, Charts.SOLID);
    }

    /**
     * Sensitivity and specificity against the threshold, exact at {@value #SWEEP_STEPS} steps from
     * 0 to 1. (A simplified ROC curve omits thresholds along which only one of the rates changes.)
     *
     * @param name of the figure
     * @param curve of probabilities
     * @param threshold to mark
     */
    public static Figure thresholdSweep(String name, RocCurve curve, double threshold) {
        CurveChart chart =
                Charts.unitChart("Threshold sweep", "threshold", "rate", Charts.HEIGHT + 40);
        List<RocCurve.Point> points =
                IntStream.rangeClosed(0, SWEEP_STEPS)
                        .mapToObj(i -> curve.at(i / (double) SWEEP_STEPS))
                        .toList();
        double[] x = Charts.values(points, RocCurve.Point::threshold);
        double[] sensitivity = Charts.values(points, RocCurve.Point::sensitivity);
        double[] specificity = Charts.values(points, RocCurve.Point::specificity);
        chart.addLine("sensitivity", x, sensitivity, Palette.FIRST, Charts.SOLID);
        chart.addLine("specificity", x, specificity, Palette.SECOND, Charts.DASHED);
        double[] at = {threshold, threshold};
        String marked = "threshold " + Charts.number(threshold);
        chart.addLine(marked, at, UNIT, Palette.INK, Charts.DOTTED);
        RocCurve.Point there = curve.at(threshold);
        return Charts.figure(
                name,
                "Rates that other thresholds would have given; not for choosing one.",
                ("Sensitivity, a solid line, and specificity, a dashed line, against the threshold."
                                + " At %s they are %s and %s.")
                        .formatted(
                                Charts.number(threshold),
                                Charts.number(there.sensitivity()),
                                Charts.number(there.specificity())),
                chart);
    }

    /**
     * Wrong calls among the answered cases against the share that is answered.
     *
     * @param name of the figure
     * @param curve of at least one case
     */
    public static Figure riskCoverage(String name, RiskCoverage curve) {
        int step = Math.max(1, curve.points().size() / MAX_POINTS);
        List<RiskCoverage.Point> points =
                IntStream.range(0, curve.points().size())
                        .filter(i -> i % step == 0 || i == curve.points().size() - 1)
                        .mapToObj(curve.points()::get)
                        .toList();
        CurveChart chart =
                Charts.chart(
                        "Risk and coverage",
                        "share of the images that are called, the most certain first",
                        "share of wrong calls",
                        Charts.HEIGHT);
        chart.addLine(
                "area " + Charts.number(curve.area()),
                Charts.values(points, RiskCoverage.Point::coverage),
                Charts.values(points, RiskCoverage.Point::risk),
                Palette.FIRST,
                Charts.SOLID);
        return Charts.figure(
                name,
                "Images near the threshold are called wrongly most often; reviews leave them out.",
                "Share of wrong calls among the most certain images against their share. The area"
                        + " under the curve is %s; with every image called, %s are wrong."
                                .formatted(
                                        Charts.number(curve.area()),
                                        Charts.number(curve.at(1).risk())),
                chart);
    }

    /**
     * Net benefit against the threshold probability, beside calling every image positive and none.
     *
     * @param name of the figure
     * @param scores probabilities of the positive label, of both classes
     */
    public static Figure decisionCurve(String name, ScoredLabels scores) {
        double[] x = new double[DECISION_STEPS];
        double[] model = new double[DECISION_STEPS];
        double[] all = new double[DECISION_STEPS];
        ConfusionMatrix everyone = ConfusionMatrix.at(scores, 0);
        for (int i = 0; i < DECISION_STEPS; i++) {
            x[i] = (i + 1.0) / (DECISION_STEPS + 1);
            model[i] = Math.max(LOWEST_BENEFIT, ConfusionMatrix.at(scores, x[i]).netBenefit(x[i]));
            all[i] = Math.max(LOWEST_BENEFIT, everyone.netBenefit(x[i]));
        }
        CurveChart chart =
                Charts.chart(
                        "Decision curve",
                        "threshold probability",
                        "net benefit",
                        Charts.HEIGHT + 40);
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax(1.0)
                .setYAxisMin(LOWEST_BENEFIT)
                .setYAxisMax(scores.prevalence() * 1.1)
                .setXAxisDecimalPattern("0.0")
                .setYAxisDecimalPattern("0.00");
        chart.addLine("classifier", x, model, Palette.FIRST, Charts.SOLID);
        chart.addLine("all positive", x, all, Palette.SECOND, Charts.DASHED);
        chart.addLine("none positive", UNIT, new double[] {0, 0}, Palette.INK, Charts.DOTTED);
        return Charts.figure(
                name,
                "True positives per image, less false positives weighted by the odds of the"
                    + " threshold. It takes the scores for probabilities, and holds for the share"
                    + " of positive images here.",
                "Net benefit of the classifier, a solid line, of calling all images positive, a"
                    + " dashed line, and none, a dotted line, against the threshold probability.",
                chart);
    }

    /**
     * Training and validation loss against the epoch, with the kept epoch marked.
     *
     * @param name of the figure
     * @param history one entry per epoch, at least one
     * @param chosenEpoch the kept epoch, from 1
     * @throws IllegalArgumentException if there is no such epoch
     */
    public static Figure training(String name, List<EpochSummary> history, int chosenEpoch) {
        if (chosenEpoch < 1 || chosenEpoch > history.size()) {
            throw new IllegalArgumentException(
                    "chosenEpoch is %d; expected 1 to %d".formatted(chosenEpoch, history.size()));
        }
        CurveChart chart =
                Charts.chart("Training", "epoch", "mean cross-entropy", Charts.HEIGHT + 40);
        double[] epochs = Charts.values(history, EpochSummary::epoch);
        double[] training = Charts.values(history, EpochSummary::trainingLoss);
        double[] validation = Charts.values(history, EpochSummary::validationLoss);
        double highest =
                history.stream()
                        .mapToDouble(e -> Math.max(e.trainingLoss(), e.validationLoss()))
                        .max()
                        .orElseThrow();
        chart.getStyler()
                .setYAxisMin(0.0)
                .setYAxisMax(highest > 0 ? highest * 1.05 : 1)
                .setXAxisMin(0.0)
                .setXAxisMax(Math.max(2.0, history.size()))
                .setXAxisDecimalPattern("0")
                .setXAxisTickMarkSpacingHint(60);
        chart.addLine("training", epochs, training, Palette.FIRST, Charts.SOLID);
        chart.addLine("validation", epochs, validation, Palette.SECOND, Charts.DASHED);
        EpochSummary kept = history.get(chosenEpoch - 1);
        String label = "kept: epoch %d of %d".formatted(chosenEpoch, history.size());
        chart.addPoints(
                label,
                new double[] {chosenEpoch},
                new double[] {kept.validationLoss()},
                Palette.INK,
                SeriesMarkers.DIAMOND);
        return Charts.figure(
                name,
                "The training loss of an epoch is the mean over its batches, each before its"
                        + " update; the validation loss is measured at its end.",
                ("Mean cross-entropy against epoch: training, a solid line, and validation, a"
                                + " dashed line; %s, with a validation loss of %s.")
                        .formatted(label, Charts.number(kept.validationLoss())),
                chart);
    }
}
