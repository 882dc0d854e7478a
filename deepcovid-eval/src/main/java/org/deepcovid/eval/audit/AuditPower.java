package org.deepcovid.eval.audit;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.deepcovid.eval.metrics.ConfidenceInterval;

/**
 * Which shortcuts an audit of so many patients can find. An area under the ROC curve is reported if
 * the lower end of its interval is above 0.75; the width of the interval is approximated after J.
 * A. Hanley and B. J. McNeil (1982, doi 10.1148/radiology.143.1.7063747) on the logit scale.
 *
 * @param positives patients with the positive label
 * @param others patients with other labels
 * @param level of the intervals
 */
public record AuditPower(int positives, int others, double level) {

    private static final double STRONG = 0.95; // a shortcut that an audit must be able to find

    /**
     * The smallest area that is reported, in steps of 0.01.
     *
     * @return empty if there are too few patients for any below 1
     */
    public OptionalDouble smallestArea() {
        return IntStream.range(76, 100)
                .mapToDouble(percent -> percent / 100.0)
                .filter(area -> isReported(area, positives, others))
                .findFirst();
    }

    /** Patients of each label with which an area of 0.95 is reported. */
    public int needed() {
        return IntStream.iterate(2, patients -> patients + 1)
                .filter(patients -> isReported(STRONG, patients, patients))
                .findFirst()
                .orElseThrow();
    }

    private boolean isReported(double area, double positives, double others) {
        if (Math.min(positives, others) < 2) {
            return false;
        }
        double first = area / (2 - area) - area * area;
        double second = 2 * area * area / (1 + area) - area * area;
        double variance =
                (area * (1 - area) + (positives - 1) * first + (others - 1) * second)
                        / (positives * others);
        double spread = Math.sqrt(variance) / (area * (1 - area));
        return ConfidenceInterval.normal(logit(area), spread, level).lower()
                > logit(Probe.BORDER.limit().getAsDouble());
    }

    private static double logit(double share) {
        return Math.log(share / (1 - share));
    }

    /** What it means that nothing was found. */
    String withoutFinding() {
        OptionalDouble smallest = smallestArea();
        if (smallest.isPresent() && smallest.getAsDouble() <= STRONG) {
            return String.format(
                    Locale.ROOT,
                    "No shortcut found by these probes, which find areas of about %.2f or more with"
                            + " so many patients; others may exist.",
                    smallest.getAsDouble());
        }
        return "Too few patients to tell (%d and %d of the labels): %s; about %d of each are needed to find one of 0.95."
                .formatted(
                        positives,
                        others,
                        smallest.isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        "only shortcuts with an area of about %.2f or more are"
                                                + " found",
                                        smallest.getAsDouble())
                                : "not even one with an area of 0.99 is found",
                        needed());
    }
}
