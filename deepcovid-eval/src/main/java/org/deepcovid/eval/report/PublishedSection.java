package org.deepcovid.eval.report;

import java.util.Locale;
import java.util.Optional;

/** A paper's results beside those of this run. */
final class PublishedSection {

    private PublishedSection() {}

    static boolean applies(Report study) {
        return study.networks().stream().anyMatch(n -> published(study, n).isPresent());
    }

    static Optional<PublishedResult> published(Report study, EvaluatedNetwork network) {
        return study.published().stream().filter(result -> result.isOf(network)).findFirst();
    }

    static void write(Html html, Report study) {
        html.open("section", "id", "published").element("h2", "Beside the paper");
        html.element(
                "p",
                "Columns marked \"paper\" are copied from Minaee et al. (2020, doi"
                    + " 10.1016/j.media.2020.101794). They were measured on other images (100"
                    + " COVID-19 and 3000 others), at thresholds chosen on those very images. The"
                    + " column \"as the paper chose\" picks the threshold on this run's test images"
                    + " for a sensitivity of at least the paper's, which flatters it in the same"
                    + " way; the last two columns use the threshold chosen without test images.");
        NetworkFigures.published(study)
                .ifPresent(
                        figure -> {
                            html.open("div", "class", "figures");
                            NetworkSection.figure(html, figure);
                            html.close();
                        });
        HtmlTable table =
                new HtmlTable(
                        "Published and found",
                        "network",
                        "area (paper)",
                        "area (this run)",
                        "sensitivity (paper)",
                        "specificity there (paper)",
                        "specificity, as the paper chose (this run)",
                        "sensitivity (this run)",
                        "specificity (this run)");
        for (EvaluatedNetwork network : study.networks()) {
            published(study, network).ifPresent(paper -> row(table, network, paper));
        }
        study.published().stream()
                .filter(paper -> study.networks().stream().noneMatch(paper::isOf))
                .forEach(paper -> notRun(table, paper));
        table.write(html);
        html.close();
    }

    private static void row(HtmlTable table, EvaluatedNetwork network, PublishedResult paper) {
        NetworkResults results = network.results();
        boolean trained = network.evaluation().provenance().weights().trained();
        table.row(
                trained ? network.name() : network.name() + " (RANDOM weights)",
                Format.number(paper.auc()),
                Format.auc(results.auc()),
                sensitivity(paper),
                Format.percent(paper.specificity()),
                Format.percent(results.roc().specificityAtSensitivity(paper.sensitivity())),
                Format.rate(results.rates().sensitivity()),
                Format.rate(results.rates().specificity()));
    }

    private static void notRun(HtmlTable table, PublishedResult paper) {
        String none = "not run";
        table.row(
                paper.label(),
                Format.number(paper.auc()),
                none,
                sensitivity(paper),
                Format.percent(paper.specificity()),
                none,
                none,
                none);
    }

    private static String sensitivity(PublishedResult paper) {
        return String.format(
                Locale.ROOT,
                "%.1f %% +- %.1f",
                100 * paper.sensitivity(),
                100 * paper.sensitivityMargin());
    }
}
