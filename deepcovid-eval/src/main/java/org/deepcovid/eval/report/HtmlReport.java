package org.deepcovid.eval.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.deepcovid.eval.report.figure.Figure;

/** The whole report as one HTML file that needs nothing else: no script, no network, no font. */
final class HtmlReport {

    private static final String STYLE = Texts.read("report.css");

    private HtmlReport() {}

    static String of(Report study, List<Comparison.Pair> pairs, Instant written) {
        Html html = new Html();
        html.markup("<!DOCTYPE html>\n").open("html", "lang", "en");
        head(html, study);
        html.open("body");
        html.open("a", "class", "skip", "href", "#summary").text("Skip to the summary").close();
        html.open("header").element("h1", study.title());
        html.element(
                "p",
                ("Written by deepcovid at %s. Beside this file: report.json,"
                                + " scores.csv, a model card for each network, and figures as SVG"
                                + " and PNG.")
                        .formatted(written.truncatedTo(ChronoUnit.SECONDS)));
        navigation(html, study);
        html.close().open("main");
        SummarySection.write(html, study);
        DataSection.write(html, study);
        study.networks().forEach(network -> NetworkSection.write(html, network));
        if (ComparisonSection.applies(study)) {
            ComparisonSection.write(html, study, pairs);
        }
        if (PublishedSection.applies(study)) {
            PublishedSection.write(html, study);
        }
        limits(html);
        checklist(html, study);
        html.close();
        html.open("footer").element("p", SummarySection.NOTICE).close();
        html.close().close();
        return html.toString();
    }

    private static void limits(Html html) {
        html.open("section", "id", "limits").element("h2", "Limits").open("ul");
        Texts.limits().forEach(limit -> html.element("li", limit));
        html.close().close();
    }

    private static void checklist(Html html, Report study) {
        html.open("section", "id", "checklist").element("h2", "Checklist");
        html.element(
                "p",
                "In the manner of CLAIM 2024 (doi 10.1148/ryai.240300) and STARD-AI (doi"
                    + " 10.1038/s41591-025-03953-8), in other words and not complete; a publication"
                    + " needs the originals. What the run knows is filled in, and a person should"
                    + " check it. A person must answer the rest.");
        HtmlTable table =
                new HtmlTable(
                        "Reporting checklist", "question", "part", "asked by", "status", "answer");
        for (Checklist.Item item : Checklist.of(study)) {
            table.row(
                    item.question(),
                    item.area(),
                    item.origin(),
                    item.answer().isPresent() ? "filled in" : "open",
                    item.answer().orElse("to be answered by a person: ____________________"));
        }
        table.write(html);
        html.close();
    }

    private static void head(Html html, Report study) {
        html.open("head").open("meta", "charset", "utf-8");
        html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.open("meta", "name", "color-scheme", "content", "light dark");
        html.element("title", study.title());
        html.open("style").markup(Figure.pageStyle() + "\n" + STYLE).close().close();
    }

    private static void navigation(Html html, Report study) {
        html.open("nav", "aria-label", "Contents").open("ul");
        link(html, "summary", "Summary");
        link(html, "data", "Data");
        study.networks().forEach(network -> link(html, network.anchor(), network.name()));
        if (ComparisonSection.applies(study)) {
            link(html, "comparison", "Comparison");
        }
        if (PublishedSection.applies(study)) {
            link(html, "published", "Beside the paper");
        }
        link(html, "limits", "Limits");
        link(html, "checklist", "Checklist");
        html.close().close();
    }

    private static void link(Html html, String anchor, String words) {
        html.open("li").open("a", "href", "#" + anchor).text(words).close().close();
    }
}
