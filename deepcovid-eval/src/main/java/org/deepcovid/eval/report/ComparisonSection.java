package org.deepcovid.eval.report;

import java.util.List;
import java.util.OptionalDouble;
import org.deepcovid.eval.metrics.comparison.McNemarTest;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;

/** Networks against each other, on the same test images. */
final class ComparisonSection {

    private ComparisonSection() {}

    static boolean applies(Report study) {
        return study.networks().size() > 1;
    }

    static void write(Html html, Report study, List<Comparison.Pair> pairs) {
        html.open("section", "id", "comparison").element("h2", "Comparison");
        NetworkFigures.comparison(study)
                .ifPresent(
                        figure -> {
                            html.open("div", "class", "figures");
                            NetworkSection.figure(html, figure);
                            html.close();
                        });
        areas(pairs).write(html);
        decisions(pairs).write(html);
        html.element(
                "p",
                "P-values are two-sided and adjusted by Holm's method for the number of pairs,"
                    + " separately for each column. DeLong's and McNemar's tests treat images as"
                    + " independent; the interval from resampled patients does not. A large p-value"
                    + " is no evidence that two networks are equal.");
        html.close();
    }

    private static HtmlTable areas(List<Comparison.Pair> pairs) {
        HtmlTable table =
                new HtmlTable(
                        "Areas under the ROC curve, first minus second",
                        "pair",
                        "difference (DeLong)",
                        "by patient",
                        "p, adjusted");
        for (Comparison.Pair pair : pairs) {
            table.row(
                    name(pair),
                    pair.tests().deLong().map(ComparisonSection::difference).orElse(Format.NONE),
                    Format.estimate(pair.tests().aucByPatient()),
                    pValue(pair.deLong()));
        }
        return table;
    }

    private static HtmlTable decisions(List<Comparison.Pair> pairs) {
        HtmlTable table =
                new HtmlTable(
                        "Decisions, each network at its own threshold (McNemar, exact)",
                        "pair",
                        "COVID images that only one calls right",
                        "p for these, adjusted",
                        "other images that only one calls right",
                        "p for those, adjusted");
        for (Comparison.Pair pair : pairs) {
            table.row(
                    name(pair),
                    counts(pair.tests().positives()),
                    Format.pValue(pair.positives()),
                    counts(pair.tests().negatives()),
                    Format.pValue(pair.negatives()));
        }
        return table;
    }

    private static String name(Comparison.Pair pair) {
        return pair.tests().first() + " and " + pair.tests().second();
    }

    private static String difference(PairedDeLongTest test) {
        return Format.number(test.difference()) + " " + Format.interval(test.interval());
    }

    private static String counts(McNemarTest test) {
        return "first %d, second %d".formatted(test.onlyFirstRight(), test.onlySecondRight());
    }

    private static String pValue(OptionalDouble p) {
        return p.isPresent() ? Format.pValue(p.getAsDouble()) : Format.NONE;
    }
}
