package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the files of a report are rendered from; computed once per writing.
 *
 * @param report title, dataset, networks and notes
 * @param data images of each part
 * @param flow from the files found to the images tested
 * @param warnings of the images: they hold for every network
 * @param comparison every pair of networks; empty for a single one
 * @param published networks that a paper reports on
 * @param notRun published results of networks that are not in the report
 * @param checklist questions for a publication, with the answers that the run can give
 */
record ReportModel(
        Report report,
        DataSummary data,
        ParticipantFlow flow,
        List<Warning> warnings,
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
                ParticipantFlow.of(report, data),
                Warnings.ofImages(report.labels(), report.split().test()),
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

    /**
     * All warnings, the gravest first, each once; those of several networks are preceded by their
     * names.
     */
    List<Warning> allWarnings() {
        Map<Warning, List<String>> names = new LinkedHashMap<>();
        warnings.forEach(warning -> names.put(warning, List.of()));
        for (EvaluatedNetwork network : report.networks()) {
            for (Warning warning : network.warnings()) {
                names.computeIfAbsent(warning, w -> new ArrayList<>()).add(network.name());
            }
        }
        return names.entrySet().stream()
                .map(
                        entry ->
                                entry.getValue().isEmpty() || report.networks().size() == 1
                                        ? entry.getKey()
                                        : new Warning(
                                                entry.getKey().kind(),
                                                String.join(", ", entry.getValue())
                                                        + ": "
                                                        + entry.getKey().text(),
                                                entry.getKey().advice()))
                .sorted()
                .toList();
    }

    /** Those of a network and of its images, the gravest first. */
    List<Warning> warnings(EvaluatedNetwork network) {
        return Stream.concat(warnings.stream(), network.warnings().stream()).sorted().toList();
    }

    /** What the numbers of a network support and what they do not, in one sentence. */
    String conclusion(EvaluatedNetwork network) {
        return Warnings.conclusion(
                report.labels(), report.split().test().size(), warnings(network));
    }

    /** The same for all networks; where they differ, a sentence for each. */
    String conclusion() {
        List<String> all = report.networks().stream().map(this::conclusion).distinct().toList();
        if (all.size() < 2) {
            return all.isEmpty()
                    ? Warnings.conclusion(report.labels(), report.split().test().size(), warnings)
                    : all.get(0);
        }
        return report.networks().stream()
                .map(network -> network.name() + ": " + conclusion(network))
                .collect(Collectors.joining(" "));
    }
}
