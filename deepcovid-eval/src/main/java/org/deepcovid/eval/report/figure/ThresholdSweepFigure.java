package org.deepcovid.eval.report.figure;

import java.util.List;
import java.util.stream.IntStream;
import org.deepcovid.eval.metrics.RocCurve;

/** Sensitivity and specificity against the threshold. */
public final class ThresholdSweepFigure {

    private static final int STEPS = 400;

    private ThresholdSweepFigure() {}

    /**
     * Both rates, exact at {@value #STEPS} steps of the threshold from 0 to 1. (A simplified ROC
     * curve would not do: it leaves out thresholds along which only one of the rates changes.)
     *
     * @param name of the figure
     * @param curve of probabilities
     * @param threshold to be marked
     * @return the figure
     */
    public static Figure of(String name, RocCurve curve, double threshold) {
        CurveChart chart =
                Charts.unitChart("Threshold sweep", "threshold", "rate", Charts.HEIGHT + 40);
        List<RocCurve.Point> points =
                IntStream.rangeClosed(0, STEPS)
                        .mapToObj(i -> curve.at(i / (double) STEPS))
                        .toList();
        double[] x = Charts.values(points, RocCurve.Point::threshold);
        double[] sensitivity = Charts.values(points, RocCurve.Point::sensitivity);
        double[] specificity = Charts.values(points, RocCurve.Point::specificity);
        Charts.line(chart, "sensitivity", x, sensitivity, Palette.FIRST, Charts.SOLID);
        Charts.line(chart, "specificity", x, specificity, Palette.SECOND, Charts.DASHED);
        double[] at = {threshold, threshold};
        String marked = "threshold " + Charts.number(threshold);
        Charts.line(chart, marked, at, new double[] {0, 1}, Palette.INK, Charts.DOTTED);
        RocCurve.Point there = curve.at(threshold);
        return Charts.figure(
                name,
                "What another threshold would have given; not to choose one from.",
                ("Sensitivity, a solid line, and specificity, a dashed line, against the threshold."
                                + " At %s they are %s and %s.")
                        .formatted(
                                Charts.number(threshold),
                                Charts.number(there.sensitivity()),
                                Charts.number(there.specificity())),
                chart);
    }
}
