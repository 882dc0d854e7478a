package org.deepcovid.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.report.Evaluation;

/** Several networks in one table for a console, one line each. */
final class ComparisonTable {

    private static final String LINE = "%-26s %-21s %-21s %-30s %s";

    private final StringBuilder text = new StringBuilder();
    private final Clusters patients;
    private boolean random;

    ComparisonTable(List<LabelledImage> test) {
        patients = Clusters.byName(test.stream().map(LabelledImage::patient).toList());
        line(
                LINE,
                "test images",
                "area under ROC",
                "average precision",
                "sensitivity",
                "specificity");
    }

    void add(String name, Evaluation evaluation) {
        boolean trained = evaluation.provenance().weights().trained();
        random |= !trained;
        AucEstimate auc = evaluation.roc().aucEstimate();
        line(
                LINE,
                trained ? name : name + " (RANDOM)",
                estimate(auc.auc(), auc.interval()),
                Bootstrap.seeded(1)
                        .estimate(Metric.averagePrecision(), evaluation.scores(), patients)
                        .map(e -> estimate(e.value(), e.interval()))
                        .orElse("none"),
                rate(evaluation.rates().sensitivity()),
                rate(evaluation.rates().specificity()));
    }

    private static String rate(Optional<Proportion> rate) {
        return rate.map(
                        p ->
                                "%s %d/%d"
                                        .formatted(
                                                estimate(p.estimate(), p.interval()),
                                                p.successes(),
                                                p.total()))
                .orElse("none");
    }

    private static String estimate(double value, ConfidenceInterval interval) {
        return String.format(
                Locale.ROOT, "%.3f [%.3f, %.3f]", value, interval.lower(), interval.upper());
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing())
                .append(System.lineSeparator());
    }

    @Override
    public String toString() {
        String end = System.lineSeparator();
        return text
                + "95 % intervals: DeLong's, patients resampled, Wilson's, Wilson's."
                + end
                + (random
                        ? "RANDOM: weights that were never trained; these numbers say nothing about"
                                + " the network."
                                + end
                        : "")
                + "Not a diagnostic device."
                + end;
    }
}
