package org.deepcovid.eval.report.figure;

import java.util.List;
import java.util.Optional;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;

/** Precision against recall, as steps, with the line of no skill: the prevalence. */
public final class PrecisionRecallFigure {

    private PrecisionRecallFigure() {}

    /**
     * One curve. At most {@value RocFigure#MAX_POINTS} of its points are drawn.
     *
     * @param name of the figure
     * @param curve the curve
     * @param average average precision with its interval, for the legend; empty for the number
     *     alone
     * @return the figure
     */
    public static Figure of(
            String name, PrecisionRecallCurve curve, Optional<Bootstrap.Estimate> average) {
        CurveChart chart =
                Charts.unitChart(
                        "Precision and recall",
                        "recall (sensitivity)",
                        "precision",
                        Charts.HEIGHT + 40);
        double prevalence = curve.noSkillPrecision();
        String noSkill = "no skill (prevalence) " + Charts.number(prevalence);
        Charts.line(
                chart,
                noSkill,
                new double[] {0, 1},
                new double[] {prevalence, prevalence},
                Palette.MUTED,
                Charts.DOTTED);
        String label = "average precision\n" + text(curve, average);
        addSteps(chart, label, curve.simplified(RocFigure.MAX_POINTS));
        return Charts.figure(
                name,
                "It depends on the share of COVID images here; compare it only with curves of the"
                        + " same images.",
                "Precision against recall on the test images. The %s. A dotted line marks %s."
                        .formatted(label.replace('\n', ' '), noSkill),
                chart);
    }

    private static String text(PrecisionRecallCurve curve, Optional<Bootstrap.Estimate> average) {
        return Charts.number(curve.averagePrecision())
                + average.map(
                                known ->
                                        " [%s, %s]"
                                                .formatted(
                                                        Charts.number(known.interval().lower()),
                                                        Charts.number(known.interval().upper())))
                        .orElse("");
    }

    /** Each precision holds from the recall before it: the steps whose area the average is. */
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
        Charts.line(chart, label, x, y, Palette.FIRST, Charts.SOLID);
    }
}
