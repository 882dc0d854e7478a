package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.deepcovid.core.data.Reading;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;

/**
 * What became of the images of a dataset, from the files found to the test images.
 *
 * @param rows of steps; those of one row are side by side
 */
record ParticipantFlow(List<List<Step>> rows) {

    /**
     * Images that went one way.
     *
     * @param name what became of them
     * @param images how many
     * @param details of these images, a few words each
     */
    record Step(String name, int images, List<String> details) {}

    static ParticipantFlow of(Report report, DataSummary data) {
        List<List<Step>> rows = new ArrayList<>();
        report.survey().ifPresent(survey -> rows.add(read(survey, data)));
        rows.add(data.present().stream().map(part -> step(part, report)).toList());
        report.folds()
                .map(FoldResults::summary)
                .ifPresent(
                        summary ->
                                rows.add(
                                        List.of(
                                                new Step(
                                                        "cross-validated",
                                                        data.images() - data.test().images(),
                                                        List.of(summary)))));
        return new ParticipantFlow(List.copyOf(rows));
    }

    private static List<Step> read(XrayDataset.Survey survey, DataSummary data) {
        Map<String, Long> reasons =
                survey.readings().stream()
                        .flatMap(reading -> reading.exclusions().stream())
                        .collect(
                                Collectors.groupingBy(
                                        Reading.Exclusion::kind,
                                        TreeMap::new,
                                        Collectors.counting()));
        int leftOut = reasons.values().stream().mapToInt(Long::intValue).sum();
        int read = survey.dataset().images().size();
        List<Step> row = new ArrayList<>(List.of(new Step("found", read + leftOut, List.of())));
        row.add(
                new Step(
                        "left out",
                        leftOut,
                        reasons.entrySet().stream()
                                .map(reason -> reason.getValue() + ": " + reason.getKey())
                                .toList()));
        if (read > data.images()) {
            row.add(
                    new Step(
                            "in other parts of the dataset, not used by this report",
                            read - data.images(),
                            List.of()));
        }
        return List.copyOf(row);
    }

    private static Step step(DataSummary.Part part, Report report) {
        List<String> details = new ArrayList<>(List.of(counts(part.count(), report)));
        details.addAll(List.of("patients: " + part.patients(), part.use()));
        if (part.part() == SplitPart.TEST) {
            details.add(
                    "each image scored by " + Format.plural(report.networks().size(), "network"));
        }
        return new Step(part.name(), part.count().images(), List.copyOf(details));
    }

    private static String counts(DataSummary.Count count, Report report) {
        List<String> counts = new ArrayList<>();
        for (int i = 0; i < count.byLabel().size(); i++) {
            counts.add(count.byLabel().get(i) + " " + report.labels().positiveFirst().get(i));
        }
        return String.join(", ", counts);
    }

    /** A figure of boxes, from top to bottom. */
    void write(Html html) {
        html.open("figure", "class", "flow");
        for (List<Step> row : rows) {
            html.open("div", "class", "row");
            for (Step step : row) {
                html.open("div", "class", "step");
                html.element("strong", step.images() + " " + step.name());
                step.details().forEach(detail -> html.element("div", detail));
                html.close();
            }
            html.close();
        }
        html.open("figcaption").element("strong", "Flow of images.");
        html.text(" Numbers of images, from those found in the dataset to those tested.");
        html.close().close();
    }

    ArrayNode json() {
        ArrayNode node = JsonNumbers.array();
        for (List<Step> row : rows) {
            for (Step step : row) {
                node.addObject()
                        .put("step", step.name())
                        .put("images", step.images())
                        .set("details", JsonReport.strings(step.details()));
            }
        }
        return node;
    }
}
