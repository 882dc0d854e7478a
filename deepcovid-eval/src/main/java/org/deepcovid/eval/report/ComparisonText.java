package org.deepcovid.eval.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ClassResults;
import org.deepcovid.eval.metrics.ClassResults.Average;
import org.deepcovid.eval.metrics.ClassResults.Measure;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.comparison.McNemarTest;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;

/** The networks of a report as a text table, then the paired tests of each pair. */
final class ComparisonText {

    private static final String ROW = "%-24s %-24s %-24s %-29s %s";

    private static final int WIDTH = 120;

    private final StringBuilder text = new StringBuilder();

    private final String positive;

    private ComparisonText(String positive) {
        this.positive = positive;
    }

    static String of(Report report) {
        ComparisonText lines = new ComparisonText(report.labels().positive().name());
        lines.table(report.networks());
        List<Comparison.Pair> pairs = Comparison.pairs(report.networks(), report.split().test());
        pairs.forEach(pair -> lines.pair(pair, pairs.size()));
        if (!pairs.isEmpty()) {
            lines.add("%nA large p-value does not show that two classifiers are equal.");
        }
        lines.warnings(ReportModel.of(report));
        return lines.text.toString();
    }

    private void warnings(ReportModel model) {
        add("%n%s", String.join("%n".formatted(), Format.wrapped("", model.conclusion(), WIDTH)));
        model.allWarnings()
                .forEach(
                        warning ->
                                Format.wrapped("! ", warning.toString(), WIDTH)
                                        .forEach(line -> add("%s", line)));
    }

    private void table(List<EvaluatedNetwork> networks) {
        networks.stream()
                .findFirst()
                .map(network -> network.evaluation().scores())
                .ifPresent(
                        test -> add("%d images, %d %s", test.size(), test.positives(), positive));
        add(
                ROW,
                "95 % intervals",
                "area under ROC",
                "average precision",
                "sensitivity",
                "specificity");
        networks.forEach(this::row);
        add("intervals: DeLong's, patients resampled, Wilson's, Wilson's");
        if (networks.stream().anyMatch(n -> n.results().labels().isPresent())) {
            allLabels(networks);
        }
        if (!networks.stream().allMatch(ComparisonText::trained)) {
            add(
                    "RANDOM: weights that were never trained; these numbers say nothing about the"
                            + " network.");
        }
    }

    private void row(EvaluatedNetwork network) {
        Evaluation evaluation = network.evaluation();
        add(
                ROW,
                trained(network) ? network.name() : network.name() + " (RANDOM)",
                network.results()
                        .auc()
                        .map(auc -> estimate(auc.auc(), auc.interval()))
                        .orElse(Format.NONE),
                estimate(network.results().byPatient(TestMetric.AVERAGE_PRECISION)),
                rate(evaluation.rates().sensitivity()),
                rate(evaluation.rates().specificity()));
    }

    private void allLabels(List<EvaluatedNetwork> networks) {
        add("%nThe most likely label:");
        add(
                ROW,
                "network",
                "mean area (macro)",
                "mean F1 (macro)",
                "balanced accuracy",
                "accuracy");
        for (EvaluatedNetwork network : networks) {
            LabelResults all = network.results().labels().orElseThrow();
            add(
                    ROW,
                    network.name(),
                    estimate(all.average(Average.MACRO, Measure.AUC)),
                    estimate(all.average(Average.MACRO, Measure.F1)),
                    estimate(all.balancedAccuracy()),
                    rate(Optional.of(all.results().confusion().accuracy())));
        }
        add("%nEach label against all others:");
        add(ROW, "label", "network", "area under ROC", "average precision", "recall");
        for (int c = 0; c < networks.get(0).evaluation().labels().labels().size(); c++) {
            for (EvaluatedNetwork network : networks) {
                label(network, c);
            }
        }
    }

    private void label(EvaluatedNetwork network, int index) {
        LabelResults all = network.results().labels().orElseThrow();
        ClassResults.OneVersusRest label = all.results().classes().get(index);
        Map<Measure, Bootstrap.Estimate> byPatient = all.byPatient().get(index);
        add(
                ROW,
                label.name(),
                network.name(),
                label.roc()
                        .map(RocCurve::aucEstimate)
                        .map(auc -> estimate(auc.auc(), auc.interval()))
                        .orElse("none"),
                estimate(Optional.ofNullable(byPatient.get(Measure.AVERAGE_PRECISION))),
                rate(label.rates().sensitivity()));
    }

    private static String estimate(Optional<Bootstrap.Estimate> estimate) {
        return estimate.map(
                        e ->
                                e.interval()
                                        .map(interval -> estimate(e.value(), interval))
                                        .orElseGet(
                                                () ->
                                                        String.format(
                                                                Locale.ROOT, "%.4f", e.value())))
                .orElse(Format.NONE);
    }

    private void pair(Comparison.Pair pair, int pairs) {
        Comparison.Tests tests = pair.tests();
        add(
                "%n%s and %s, p-values adjusted for %d pair%s",
                tests.first(), tests.second(), pairs, pairs == 1 ? "" : "s");
        tests.deLong().ifPresent(test -> areas(test, pair.deLong()));
        tests.positives().ifPresent(test -> decisions(positive, test, pair.positives()));
        tests.negatives().ifPresent(test -> decisions("other", test, pair.negatives()));
    }

    private void areas(PairedDeLongTest test, OptionalDouble pValue) {
        add(
                "  area, first minus second   %+.4f [%+.4f, %+.4f]   p %s (DeLong)",
                test.difference(),
                test.interval().lower(),
                test.interval().upper(),
                Format.pValue(pValue));
    }

    private void decisions(String images, McNemarTest test, OptionalDouble pValue) {
        add(
                "  %s images that only one calls right: first %d, second %d   p %s (McNemar)",
                images, test.onlyFirstRight(), test.onlySecondRight(), Format.pValue(pValue));
    }

    private static boolean trained(EvaluatedNetwork network) {
        return network.evaluation().provenance().weights().trained();
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
                Locale.ROOT, "%.4f [%.4f, %.4f]", value, interval.lower(), interval.upper());
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
