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

/** The main figures of one network as lines for a console. */
final class ResultTable {

    private final StringBuilder text = new StringBuilder();

    private ResultTable() {}

    static String of(String name, Evaluation evaluation, List<LabelledImage> test) {
        ResultTable table = new ResultTable();
        table.write(name, evaluation, test);
        return table.text.toString();
    }

    private void write(String name, Evaluation evaluation, List<LabelledImage> test) {
        boolean trained = evaluation.provenance().weights().trained();
        line(
                "%n%s%s",
                name,
                trained ? "" : ", RANDOM weights: these numbers say nothing about the network");
        line("  %-26s %8s   %-16s  %s", "test", "estimate", "95 % interval", "count");
        rate("sensitivity", evaluation.rates().sensitivity());
        rate("specificity", evaluation.rates().specificity());
        AucEstimate auc = evaluation.roc().aucEstimate();
        estimate("area under the ROC curve", auc.auc(), auc.interval(), "DeLong");
        Clusters patients = Clusters.byName(test.stream().map(LabelledImage::patient).toList());
        Bootstrap.seeded(1)
                .estimate(Metric.averagePrecision(), evaluation.scores(), patients)
                .ifPresent(
                        e ->
                                estimate(
                                        "average precision",
                                        e.value(),
                                        e.interval(),
                                        "patients resampled"));
        line(
                "  at threshold %.4f: %s; chosen on %s",
                evaluation.threshold().value(),
                evaluation.threshold().rule(),
                evaluation.threshold().fittedOn());
        line("  Not a diagnostic device.");
    }

    private void rate(String name, Optional<Proportion> rate) {
        rate.ifPresentOrElse(
                p -> estimate(name, p.estimate(), p.interval(), p.successes() + "/" + p.total()),
                () -> line("  %-26s %8s", name, "none"));
    }

    private void estimate(String name, double value, ConfidenceInterval interval, String remark) {
        line(
                "  %-26s %8.4f   [%.4f, %.4f]  %s",
                name, value, interval.lower(), interval.upper(), remark);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
