package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the files of a report are rendered from; computed once per writing.
 *
 * @param report title, dataset, networks and notes
 * @param data images of each part
 * @param warnings reasons to be careful with the results of every network
 * @param comparison every pair of networks; empty for a single one
 * @param published networks that a paper reports on
 * @param notRun published results of networks that are not in the report
 * @param checklist questions for a publication, with the answers that the run can give
 */
record ReportModel(
        Report report,
        DataSummary data,
        List<String> warnings,
        List<Comparison.Pair> comparison,
        List<Published> published,
        List<PublishedResult> notRun,
        List<Checklist.Item> checklist) {

    static final String NOTICE =
            "Not a diagnostic device. These are scores of research models on one collection of"
                    + " images. They must not inform the care of any person.";

    /**
     * A network beside a paper's results.
     *
     * @param paper what the paper states
     * @param network of the report
     * @param specificity at the threshold chosen on the test images for the paper's sensitivity
     */
    record Published(PublishedResult paper, EvaluatedNetwork network, double specificity) {}

    static ReportModel of(Report report) {
        DataSummary data = DataSummary.of(report);
        return new ReportModel(
                report,
                data,
                Warnings.of(report),
                Comparison.pairs(report.networks(), report.split().test()),
                published(report),
                report.published().stream()
                        .filter(paper -> report.networks().stream().noneMatch(paper::isOf))
                        .toList(),
                Checklist.of(report, data));
    }

    private static List<Published> published(Report report) {
        List<Published> found = new ArrayList<>();
        for (EvaluatedNetwork network : report.networks()) {
            report.published().stream()
                    .filter(result -> result.isOf(network))
                    .findFirst()
                    .ifPresent(paper -> published(paper, network).ifPresent(found::add));
        }
        return List.copyOf(found);
    }

    /** Empty where the test images are of one class. */
    private static Optional<Published> published(PublishedResult paper, EvaluatedNetwork network) {
        return network.results()
                .curves()
                .map(curves -> curves.roc().specificityAtSensitivity(paper.sensitivity()))
                .map(specificity -> new Published(paper, network, specificity));
    }

    /** Whether the networks have more than two labels. */
    boolean hasManyLabels() {
        return report.networks().stream().anyMatch(n -> n.results().labels().isPresent());
    }

    /** General warnings, then those of networks, each once and preceded by their names. */
    List<String> allWarnings() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (EvaluatedNetwork network : report.networks()) {
            for (String warning : network.warnings()) {
                names.computeIfAbsent(warning, w -> new ArrayList<>()).add(network.name());
            }
        }
        List<String> all = new ArrayList<>(warnings);
        names.forEach((warning, of) -> all.add(String.join(", ", of) + ": " + warning));
        return all;
    }
}
