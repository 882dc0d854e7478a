package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The notice, the warnings and the main figures. */
final class SummarySection {

    static final String NOTICE =
            "Not a diagnostic device. These are scores of research models on one collection of"
                    + " images. They must not inform the care of any person.";

    private SummarySection() {}

    static void write(Html html, Report study) {
        html.open("section", "id", "summary").element("h2", "Summary");
        html.open("p", "class", "notice").element("strong", NOTICE).close();
        if (!study.pending().isEmpty()) {
            html.element(
                    "p",
                    "This report is unfinished. Networks still to come: %s."
                            .formatted(String.join(", ", study.pending())),
                    "class",
                    "warning");
        }
        study.notes().forEach(note -> html.element("p", note));
        table(study).write(html);
        html.element(
                "p",
                "Each threshold was chosen before the test images were scored, and applied to them"
                    + " once. Brackets hold 95 % intervals: DeLong's for the area, from resampled"
                    + " patients for the average precision, Wilson's for rates.");
        warnings(html, study);
        html.close();
    }

    private static void warnings(Html html, Report study) {
        List<String> warnings = new ArrayList<>(Warnings.of(study));
        Map<String, List<String>> networksOf = new LinkedHashMap<>();
        for (EvaluatedNetwork network : study.networks()) {
            Warnings.of(network)
                    .forEach(
                            warning ->
                                    networksOf
                                            .computeIfAbsent(warning, w -> new ArrayList<>())
                                            .add(network.name()));
        }
        networksOf.forEach(
                (warning, names) -> warnings.add(String.join(", ", names) + ": " + warning));
        if (warnings.isEmpty()) {
            return;
        }
        html.element("h3", "Warnings").open("ul", "class", "warnings");
        warnings.forEach(warning -> html.element("li", warning));
        html.close();
    }

    private static HtmlTable table(Report study) {
        HtmlTable table =
                new HtmlTable(
                        "Networks on the test images",
                        "network",
                        "area under the ROC curve",
                        "average precision",
                        "sensitivity",
                        "specificity",
                        "threshold",
                        "weights");
        for (EvaluatedNetwork network : study.networks()) {
            NetworkResults results = network.results();
            boolean trained = network.evaluation().provenance().weights().trained();
            table.row(
                    trained ? network.name() : network.name() + ", RANDOM weights",
                    Format.auc(results.auc()),
                    Format.estimate(results.byPatient(TestMetric.AVERAGE_PRECISION)),
                    Format.rate(results.rates().sensitivity()),
                    Format.rate(results.rates().specificity()),
                    Format.threshold(network.evaluation().threshold().value()),
                    trained ? "pre-trained" : "RANDOM");
        }
        return table;
    }
}
