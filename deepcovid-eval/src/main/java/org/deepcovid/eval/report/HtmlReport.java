package org.deepcovid.eval.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.eval.audit.ShortcutAudit;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.eval.metrics.comparison.McNemarTest;

/** The report as one HTML file without scripts, fonts or links to other files. */
final class HtmlReport {

    private static final String STYLE = Texts.read("report.css");

    private final Html html = new Html();
    private final ReportModel model;
    private final Report report;
    private final ReportFigures figures;

    private HtmlReport(ReportModel model, ReportFigures figures) {
        this.model = model;
        this.report = model.report();
        this.figures = figures;
    }

    static String of(ReportModel model, ReportFigures figures, Instant written) {
        return new HtmlReport(model, figures).page(written);
    }

    private String page(Instant written) {
        html.markup("<!DOCTYPE html>\n").open("html", "lang", "en");
        head();
        html.open("body");
        html.open("a", "class", "skip", "href", "#summary").text("Skip to the summary").close();
        html.open("header").element("h1", report.title());
        html.element(
                "p",
                ("Written by deepcovid at %s. Other files of this report: report.json, scores.csv,"
                     + " epochs.csv, a model card for each network, and the figures as SVG and"
                     + " PNG.")
                        .formatted(written.truncatedTo(ChronoUnit.SECONDS)));
        navigation();
        html.close().open("main");
        summary();
        data();
        report.folds().ifPresent(this::folds);
        report.shortcuts().ifPresent(audit -> Shortcuts.write(html, audit));
        for (EvaluatedNetwork network : report.networks()) {
            HtmlNetwork.write(html, network, figures.byNetwork().get(network.name()));
        }
        report.stress().ifPresent(test -> test.write(html));
        if (!model.comparison().isEmpty()) {
            comparison();
        }
        if (!model.published().isEmpty()) {
            published();
        }
        limits();
        checklist();
        html.close();
        html.open("footer").element("p", ReportModel.NOTICE).close();
        html.close().close();
        return html.toString();
    }

    private void head() {
        html.open("head").open("meta", "charset", "utf-8");
        html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.open("meta", "name", "color-scheme", "content", "light dark");
        html.element("title", report.title());
        html.open("style").markup(Figure.pageStyle() + "\n" + STYLE).close().close();
    }

    private void navigation() {
        html.open("nav", "aria-label", "Contents").open("ul");
        link("summary", "Summary");
        link("data", "Data");
        if (report.folds().isPresent()) {
            link("folds", "Cross-validation");
        }
        report.shortcuts().ifPresent(audit -> link("shortcuts", "Shortcut audit"));
        report.networks().forEach(network -> link(network.anchor(), network.name()));
        report.stress().ifPresent(test -> link(StressTest.ANCHOR, StressTest.TITLE));
        if (!model.comparison().isEmpty()) {
            link("comparison", "Comparison");
        }
        if (!model.published().isEmpty()) {
            link("published", "Published results");
        }
        link("limits", "Limits");
        link("checklist", "Checklist");
        html.close().close();
    }

    private void link(String anchor, String text) {
        html.open("li").open("a", "href", "#" + anchor).text(text).close().close();
    }

    private void summary() {
        html.open("section", "id", "summary").element("h2", "Summary");
        html.open("p").element("strong", model.conclusion()).close();
        html.open("p", "class", "notice").element("strong", ReportModel.NOTICE).close();
        if (!report.pending().isEmpty()) {
            html.element(
                    "p",
                    "This report is unfinished. Networks still to come: %s."
                            .formatted(String.join(", ", report.pending())),
                    "class",
                    "warning");
        }
        report.notes().forEach(note -> html.element("p", note));
        networks();
        warnings();
        report.shortcuts().ifPresent(this::audit);
        for (EvaluatedNetwork network : report.networks()) {
            String of = report.networks().size() == 1 ? "" : ", " + network.name();
            HtmlNetwork.sources(html, "Test images by source" + of, network.results().sources());
        }
        html.element(
                "p",
                "This report chose none of these thresholds on the test images; the section of each"
                    + " network says how its threshold was chosen. Brackets hold 95 % intervals:"
                    + " DeLong's for the area, from resampled patients for the average precision,"
                    + " Wilson's for rates.");
        if (model.hasManyLabels()) {
            html.table(HtmlLabels.averages(report.networks()));
        }
        html.close();
    }

    private void warnings() {
        List<Warning> warnings = model.allWarnings();
        if (!warnings.isEmpty()) {
            html.element("h3", "Warnings, the gravest first").open("ul", "class", "warnings");
            warnings.forEach(warning -> html.element("li", warning.toString()));
            html.close();
        }
    }

    private void audit(ShortcutAudit.Result audit) {
        html.open("p").element("strong", "Shortcut audit of the " + audit.part() + ". ");
        html.text(audit.verdict() + " ");
        html.open("a", "href", "#shortcuts").text("Its numbers.").close().close();
    }

    private void networks() {
        Html.Table table =
                new Html.Table(
                        "Networks on the test images",
                        "network",
                        "area under the ROC curve",
                        "average precision",
                        "sensitivity",
                        "specificity",
                        "threshold",
                        "weights");
        for (EvaluatedNetwork network : report.networks()) {
            NetworkResults results = network.results();
            table.row(
                    network.trained() ? network.name() : network.name() + ", RANDOM weights",
                    Format.auc(results.auc()),
                    Format.estimate(results.byPatient(TestMetric.AVERAGE_PRECISION)),
                    Format.rate(results.rates().atThreshold().sensitivity()),
                    Format.rate(results.rates().atThreshold().specificity()),
                    Format.threshold(network.evaluation().threshold().value()),
                    network.trained() ? "pre-trained" : "RANDOM");
        }
        html.table(table);
    }

    private void data() {
        html.open("section", "id", "data").element("h2", "Data");
        model.flow().write(html);
        html.open("p").text("Dataset: ").element("code", report.dataset()).text(".").close();
        report.reading().forEach(line -> html.element("p", line + "."));
        List<String> columns = new ArrayList<>(List.of("part", "images"));
        report.labels().positiveFirst().forEach(label -> columns.add(label.name()));
        columns.addAll(List.of("patients", "used for"));
        Html.Table parts = new Html.Table("Parts", columns.toArray(String[]::new));
        for (DataSummary.Part part : model.data().present()) {
            List<String> row = new ArrayList<>(List.of(part.name()));
            row.add(String.valueOf(part.count().images()));
            part.count().byLabel().forEach(count -> row.add(String.valueOf(count)));
            row.addAll(List.of(part.patients(), part.use()));
            parts.row(row.toArray(String[]::new));
        }
        html.table(parts);
        html.open("p")
                .text(
                        model.data().isTestOnly()
                                ? "No test image is among the images that a network was fitted"
                                        + " on, as far as their bytes and pixels tell; the section"
                                        + " of each network describes those. "
                                : "No patient is in two parts, as far as the dataset names"
                                        + " patients. ")
                .text("The fingerprint of the test part, over ids, labels and file contents, is ")
                .element("code", report.testFingerprint().sha256())
                .text("; the section of each network lists those of its training images.")
                .close();
        model.data().attributes().forEach(this::attribute);
        html.close();
    }

    private void attribute(DataSummary.Attribute attribute) {
        List<String> columns = new ArrayList<>(List.of(attribute.name()));
        model.data().present().forEach(part -> columns.add(part.name()));
        Html.Table table =
                new Html.Table("Images by " + attribute.name(), columns.toArray(String[]::new));
        for (DataSummary.Value value : attribute.values()) {
            List<String> row = new ArrayList<>(List.of(value.value()));
            value.counts()
                    .forEach(
                            count ->
                                    row.add(
                                            "%d (%d %s)"
                                                    .formatted(
                                                            count.images(),
                                                            count.positive(),
                                                            report.labels().positive())));
            table.row(row.toArray(String[]::new));
        }
        html.table(table);
    }

    private void folds(FoldResults results) {
        html.open("section", "id", "folds").element("h2", "Cross-validation");
        html.element("p", results.summary() + ". No test image takes part.");
        html.table(
                        Html.Table.of(
                                "Each fold at the threshold of the network fitted without it",
                                results.foldTable()))
                .table(
                        Html.Table.of(
                                "All folds together, and the spread over the folds",
                                results.measureTable()));
        results.remarks().forEach(remark -> html.element("p", remark + ".", "class", "warning"));
        html.element("p", FoldResults.EXPLANATION).close();
    }

    private void figure(Optional<Figure> figure) {
        figure.ifPresent(
                known -> {
                    html.open("div", "class", "figures");
                    HtmlNetwork.figure(html, known);
                    html.close();
                });
    }

    private void comparison() {
        html.open("section", "id", "comparison").element("h2", "Comparison");
        figure(figures.comparison());
        Html.Table areas =
                new Html.Table(
                        "Areas under the ROC curve, first minus second",
                        "pair",
                        "difference (DeLong)",
                        "by patient",
                        "p, adjusted");
        Html.Table decisions =
                new Html.Table(
                        "Decisions, each network at its own threshold (McNemar, exact)",
                        "pair",
                        report.labels().positive() + " images that only one calls right",
                        "p for these, adjusted",
                        "other images that only one calls right",
                        "p for those, adjusted");
        for (Comparison.Pair pair : model.comparison()) {
            Comparison.Tests tests = pair.tests();
            String name = tests.first() + " and " + tests.second();
            areas.row(
                    name,
                    tests.deLong()
                            .map(
                                    test ->
                                            Format.number(test.difference())
                                                    + " "
                                                    + Format.interval(test.interval()))
                            .orElse(Format.NONE),
                    Format.estimate(tests.aucByPatient()),
                    Format.pValue(pair.deLong()));
            decisions.row(
                    name,
                    discordant(tests.positives()),
                    Format.pValue(pair.positives()),
                    discordant(tests.negatives()),
                    Format.pValue(pair.negatives()));
        }
        html.table(areas).table(decisions);
        if (model.hasManyLabels()) {
            HtmlLabels.compare(html, report.networks());
        }
        html.element(
                "p",
                "P-values are two-sided and adjusted by Holm's method for the number of pairs,"
                    + " separately for each column. DeLong's and McNemar's tests treat images as"
                    + " independent; the interval from resampled patients does not. A large p-value"
                    + " is no evidence that two networks are equal.");
        html.close();
    }

    private static String discordant(Optional<McNemarTest> test) {
        return test.map(
                        t ->
                                "first %d, second %d"
                                        .formatted(t.onlyFirstRight(), t.onlySecondRight()))
                .orElse(Format.NONE);
    }

    private void published() {
        html.open("section", "id", "published").element("h2", "Published results");
        String source =
                PublishedResult.deepCovid().containsAll(report.published())
                        ? "from Minaee et al. (2020, doi 10.1016/j.media.2020.101794). They were"
                                + " measured on other images (100 COVID-19 and 3000 others), at"
                                + " thresholds chosen on those very images."
                        : "from a publication. They were measured on its own images.";
        html.element(
                "p",
                "Columns marked \"paper\" are copied "
                        + source
                        + " The column \"threshold from test images\" uses the threshold chosen on"
                        + " this run's test images for a sensitivity of at least the paper's, which"
                        + " is optimistic; the last two columns use the network's own threshold.");
        figure(figures.published());
        Html.Table table =
                new Html.Table(
                        "Published and found",
                        "network",
                        "area (paper)",
                        "area (this run)",
                        "sensitivity (paper)",
                        "specificity there (paper)",
                        "specificity, threshold from test images (this run)",
                        "sensitivity (this run)",
                        "specificity (this run)");
        for (ReportModel.Published entry : model.published()) {
            NetworkResults results = entry.network().results();
            String name = entry.network().name();
            row(
                    table,
                    entry.network().trained() ? name : name + " (RANDOM weights)",
                    entry.paper(),
                    Format.auc(results.auc()),
                    Format.percent(entry.specificity()),
                    Format.rate(results.rates().atThreshold().sensitivity()),
                    Format.rate(results.rates().atThreshold().specificity()));
        }
        String none = "not run";
        model.notRun().forEach(paper -> row(table, paper.label(), paper, none, none, none, none));
        html.table(table).close();
    }

    private static void row(
            Html.Table table,
            String name,
            PublishedResult paper,
            String area,
            String specificityThere,
            String sensitivity,
            String specificity) {
        table.row(
                name,
                Format.number(paper.auc()),
                area,
                String.format(
                        Locale.ROOT,
                        "%.1f %% +- %.1f",
                        100 * paper.sensitivity(),
                        100 * paper.sensitivityMargin()),
                Format.percent(paper.specificity()),
                specificityThere,
                sensitivity,
                specificity);
    }

    private void limits() {
        html.open("section", "id", "limits").element("h2", "Limits").open("ul");
        Texts.limits().forEach(limit -> html.element("li", limit));
        html.close().close();
    }

    private void checklist() {
        html.open("section", "id", "checklist").element("h2", "Checklist");
        html.element(
                "p",
                "After CLAIM 2024 (doi 10.1148/ryai.240300) and STARD-AI (doi"
                    + " 10.1038/s41591-025-03953-8), reworded and incomplete; a publication needs"
                    + " the originals. Answers that the run knows are filled in and should be"
                    + " checked; the others are for the authors.");
        Html.Table table =
                new Html.Table(
                        "Reporting checklist", "question", "part", "guideline", "status", "answer");
        for (Checklist.Item item : model.checklist()) {
            table.row(
                    item.question(),
                    item.area(),
                    item.origin(),
                    item.answer().isPresent() ? "filled in" : "open",
                    item.answer().orElse("to be answered by a person: ____________________"));
        }
        html.table(table).close();
    }
}
