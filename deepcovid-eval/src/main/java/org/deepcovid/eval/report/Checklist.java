package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.ModelProvenance;

/**
 * Questions in the manner of CLAIM (A. S. Tejani et al., 2024, doi 10.1148/ryai.240300) and
 * STARD-AI (V. Sounderajah et al., 2025, doi 10.1038/s41591-025-03953-8), in this project's own
 * words and not complete: a publication needs the originals. The questions are in {@code
 * texts.json}; this class computes the values for their answers.
 */
final class Checklist {

    /**
     * One question.
     *
     * @param area part of a publication that it belongs to
     * @param question in this project's own words
     * @param origin the guidelines that contain it
     * @param answer what the run knows; empty where only a person can answer
     */
    record Item(String area, String question, String origin, Optional<String> answer) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

    private final Report report;
    private final Map<String, String> values = new HashMap<>();

    private Checklist(Report report) {
        this.report = report;
    }

    static List<Item> of(Report report) {
        Checklist checklist = new Checklist(report);
        checklist.dataValues();
        checklist.modelValues();
        checklist.evaluationValues();
        List<Item> items = new ArrayList<>();
        for (JsonNode item : Texts.checklist()) {
            items.add(
                    new Item(
                            item.path("area").textValue(),
                            item.path("question").textValue(),
                            item.path("askedBy").textValue(),
                            checklist.answer(item.path("answer").asText(""))));
        }
        return List.copyOf(items);
    }

    /** Empty if the template is, or if this report has no value for one of its placeholders. */
    private Optional<String> answer(String template) {
        Matcher placeholder = PLACEHOLDER.matcher(template);
        StringBuilder filled = new StringBuilder();
        while (placeholder.find()) {
            String value = values.get(placeholder.group(1));
            if (value == null) {
                return Optional.empty();
            }
            placeholder.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        placeholder.appendTail(filled);
        return filled.isEmpty() ? Optional.empty() : Optional.of(filled.toString());
    }

    private void dataValues() {
        List<LabelledImage> test = report.split().test();
        List<String> attributes = Subgroups.present(test);
        if (attributes.contains(Subgroups.SOURCE)) {
            values.put(
                    "sources",
                    String.join(", ", new TreeSet<>(Subgroups.values(test, Subgroups.SOURCE))));
        }
        if (attributes.contains(Subgroups.AGE) && attributes.contains("sex")) {
            values.put(
                    "demographics",
                    "Age and sex are tabulated under Data; severity is not known to this run");
        }
        values.put(
                "parts",
                DataSection.parts(report).rows().stream()
                        .map(
                                row ->
                                        "%s: %s images (%s COVID), patients: %s"
                                                .formatted(
                                                        row.get(0),
                                                        row.get(1),
                                                        row.get(2),
                                                        row.get(4)))
                        .collect(Collectors.joining("; ")));
        values.put("disjoint", disjoint(test));
    }

    private String disjoint(List<LabelledImage> test) {
        if (DataSection.isTestOnly(report)) {
            return "Saved classifiers are tested on images that none was fitted to";
        }
        return test.stream().allMatch(LabelledImage::patientKnown)
                ? "By patient; no patient is in two parts"
                : "By file; patients are not known for all images, so that one person may be in"
                        + " several parts";
    }

    private void modelValues() {
        int networks = report.networks().size();
        values.put(
                "aim",
                networks > 1
                        ? "It fine-tunes and compares %d networks on one split".formatted(networks)
                        : "It fine-tunes one network and tests it on one split");
        values.put("networks", each(EvaluatedNetwork::name));
        values.put(
                "inputs",
                each(
                        n ->
                                "%s: %s, %d pixels square; a score of COVID from 0 to 1"
                                        .formatted(
                                                n.name(),
                                                n.evaluation().network().architecture(),
                                                n.evaluation().network().inputSize())));
        values.put(
                "weights",
                each(
                        n ->
                                "%s: %s, SHA-256 %s"
                                        .formatted(
                                                n.name(),
                                                made(n).weights().trained()
                                                        ? made(n).weights().name()
                                                        : "random",
                                                made(n).weights().sha256())));
        values.put("recipes", each(n -> n.name() + ": " + RecipeText.name(made(n).config())));
        values.put("machines", each(n -> n.name() + ": " + made(n).environment().summary()));
    }

    private void evaluationValues() {
        values.put(
                "thresholds",
                each(
                        n ->
                                "%s: %s, on %s"
                                        .formatted(
                                                n.name(),
                                                n.evaluation().threshold().rule(),
                                                n.evaluation().threshold().fittedOn())));
        values.put("areas", each(n -> n.name() + ": AUC " + Format.auc(n.results().auc())));
        if (any(n -> n.seeds().isPresent())) {
            values.put(
                    "seeded",
                    report.networks().stream()
                            .filter(n -> n.seeds().isPresent())
                            .map(EvaluatedNetwork::name)
                            .collect(Collectors.joining(", ")));
        }
        if (any(n -> n.explanation().isPresent())) {
            values.put(
                    "explained",
                    "Heatmaps of the most confident errors; a person must judge how far they can be"
                            + " trusted");
        }
        if (any(n -> !n.results().subgroups().isEmpty())) {
            values.put("subgroups", "Tables by group are listed with each network");
        }
    }

    private boolean any(Predicate<EvaluatedNetwork> property) {
        return report.networks().stream().anyMatch(property);
    }

    private static ModelProvenance made(EvaluatedNetwork network) {
        return network.evaluation().provenance();
    }

    private String each(Function<EvaluatedNetwork, String> words) {
        return report.networks().stream().map(words).collect(Collectors.joining("; "));
    }
}
