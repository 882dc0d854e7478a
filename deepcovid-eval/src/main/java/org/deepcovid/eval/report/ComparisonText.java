package org.deepcovid.eval.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.comparison.McNemarTest;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;

/** The networks of a report as a text table, then the paired tests of each pair. */
final class ComparisonText {

    private static final String ROW = "%-24s %-24s %-24s %-29s %s";

    private final StringBuilder text = new StringBuilder();

    private ComparisonText() {}

    static String of(Report report) {
        ComparisonText lines = new ComparisonText();
        lines.table(report.networks());
        List<Comparison.Pair> pairs = Comparison.pairs(report.networks(), report.split().test());
        pairs.forEach(pair -> lines.pair(pair, pairs.size()));
        if (!pairs.isEmpty()) {
            lines.add("%nA large p-value does not show that two classifiers are equal.");
        }
        return lines.text.toString();
    }

    private void table(List<EvaluatedNetwork> networks) {
        networks.stream()
                .findFirst()
                .map(network -> network.evaluation().scores())
                .ifPresent(test -> add("%d images, %d covid", test.size(), test.positives()));
        add(
                ROW,
                "95 % intervals",
                "area under ROC",
                "average precision",
                "sensitivity",
                "specificity");
        networks.forEach(this::row);
        add("intervals: DeLong's, patients resampled, Wilson's, Wilson's");
        if (!networks.stream().allMatch(ComparisonText::trained)) {
            add(
                    "RANDOM: weights that were never trained; these numbers say nothing about the"
                            + " network.");
        }
    }

    private void row(EvaluatedNetwork network) {
        Evaluation evaluation = network.evaluation();
        AucEstimate auc = evaluation.roc().aucEstimate();
        Bootstrap.Estimate precision =
                network.results().byPatient().get(TestMetric.AVERAGE_PRECISION);
        add(
                ROW,
                trained(network) ? network.name() : network.name() + " (RANDOM)",
                estimate(auc.auc(), auc.interval()),
                precision == null ? "none" : estimate(precision.value(), precision.interval()),
                rate(evaluation.rates().sensitivity()),
                rate(evaluation.rates().specificity()));
    }

    private void pair(Comparison.Pair pair, int pairs) {
        Comparison.Tests tests = pair.tests();
        add(
                "%n%s and %s, p-values adjusted for %d pair%s",
                tests.first(), tests.second(), pairs, pairs == 1 ? "" : "s");
        tests.deLong().ifPresent(test -> areas(test, pair.deLong()));
        decisions("covid", tests.positives(), pair.positives());
        decisions("other", tests.negatives(), pair.negatives());
    }

    private void areas(PairedDeLongTest test, OptionalDouble pValue) {
        add(
                "  area, first minus second   %+.4f [%+.4f, %+.4f]   p %s (DeLong)",
                test.difference(),
                test.interval().lower(),
                test.interval().upper(),
                pValue.isPresent()
                        ? String.format(Locale.ROOT, "%.4f", pValue.getAsDouble())
                        : "none");
    }

    private void decisions(String images, McNemarTest test, double pValue) {
        add(
                "  %s images that only one calls right: first %d, second %d   p %.4f (McNemar)",
                images, test.onlyFirstRight(), test.onlySecondRight(), pValue);
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
