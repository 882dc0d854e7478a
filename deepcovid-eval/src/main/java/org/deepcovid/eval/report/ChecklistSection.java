package org.deepcovid.eval.report;

/** The questions of the guidelines, with what the run can answer. */
final class ChecklistSection {

    private ChecklistSection() {}

    static void write(Html html, Report study) {
        html.open("section", "id", "checklist").element("h2", "Checklist");
        html.element(
                "p",
                "In the manner of CLAIM 2024 (doi 10.1148/ryai.240300) and STARD-AI (doi"
                    + " 10.1038/s41591-025-03953-8), in other words and not complete; a publication"
                    + " needs the originals. What the run knows is filled in, and a person should"
                    + " check it. The rest is to be answered by a person.");
        HtmlTable table =
                new HtmlTable(
                        "Reporting checklist", "question", "part", "asked by", "status", "answer");
        for (ChecklistItem item : Checklist.of(study)) {
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
}
