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
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;

/**
 * Questions after CLAIM (A. S. Tejani et al., 2024, doi 10.1148/ryai.240300) and STARD-AI (V.
 * Sounderajah et al., 2025, doi 10.1038/s41591-025-03953-8), reworded and incomplete: a publication
 * needs the originals. The questions are in {@code texts.json}; this class computes the values for
 * their answers.
 */
final class Checklist {

    /**
     * One question.
     *
     * @param area part of a publication that it belongs to
     * @param question reworded
     * @param origin the guidelines that contain it
     * @param answer from the data of the run; empty where only a person can answer
     */
    record Item(String area, String question, String origin, Optional<String> answer) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

    private final Report report;
    private final DataSummary data;
    private final Map<String, String> values = new HashMap<>();

    private Checklist(Report report, DataSummary data) {
        this.report = report;
        this.data = data;
    }

    static List<Item> of(Report report, DataSummary data) {
        Checklist checklist = new Checklist(report, data);
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
                data.present().stream()
                        .map(
                                part ->
                                        "%s: %d images (%d %s), patients: %s"
                                                .formatted(
                                                        part.name(),
                                                        part.count().images(),
                                                        part.count().positive(),
                                                        report.labels().positive(),
                                                        part.patients()))
                        .collect(Collectors.joining("; ")));
        values.put("disjoint", disjoint(test));
        if (report.survey().isPresent()) {
            values.put("flow", "The figure under Data shows the flow of images through this run");
        }
    }

    private String disjoint(List<LabelledImage> test) {
        if (data.isTestOnly()) {
            return "Saved classifiers are tested on images that none was fitted on";
        }
        return test.stream().allMatch(LabelledImage::patientKnown)
                ? "By patient; no patient is in two parts"
                : "By file; patients are not known for all images, so that one person may be in"
                        + " several parts";
    }

    private void modelValues() {
        int networks = report.networks().size();
        String tested = Format.plural(networks, "network");
        values.put(
                "aim",
                data.isTestOnly()
                        ? "It tests %s that had been fine-tuned on other images".formatted(tested)
                        : "It tests %s on the test part of one split".formatted(tested));
        values.put("networks", each(EvaluatedNetwork::name));
        values.put("labels", String.join(", ", report.labels().names()));
        values.put(
                "inputs",
                named(
                        n ->
                                "%s, %d pixels square; a score of %s from 0 to 1"
                                        .formatted(
                                                n.evaluation().network().architecture(),
                                                n.evaluation().network().inputSize(),
                                                String.join(
                                                        ", ",
                                                        n.evaluation().labels().counted().stream()
                                                                .map(Label::name)
                                                                .toList()))));
        values.put(
                "weights",
                named(
                        n ->
                                "%s, SHA-256 %s"
                                        .formatted(
                                                n.trained()
                                                        ? n.provenance().weights().name()
                                                        : "random",
                                                n.provenance().weights().sha256())));
        values.put("recipes", named(n -> RecipeText.name(n.provenance().config())));
        values.put("machines", named(n -> n.provenance().environment().summary()));
    }

    private void evaluationValues() {
        values.put(
                "thresholds",
                named(
                        n ->
                                "%s, on %s"
                                        .formatted(
                                                n.evaluation().threshold().rule(),
                                                n.evaluation().threshold().fittedOn())));
        values.put("areas", named(n -> "AUC " + Format.auc(n.results().auc())));
        List<String> seeded =
                report.networks().stream()
                        .filter(n -> n.seeds().isPresent())
                        .map(EvaluatedNetwork::name)
                        .toList();
        if (!seeded.isEmpty()) {
            values.put("seeded", String.join(", ", seeded));
        }
        if (any(n -> n.examples().explanation().isPresent())) {
            values.put(
                    "explained",
                    "Overlays on the most confident errors; a person must judge how far they can be"
                            + " trusted");
        }
        if (any(n -> !n.results().subgroups().tables().isEmpty())) {
            values.put("subgroups", "Tables by group are listed with each network");
        }
    }

    private boolean any(Predicate<EvaluatedNetwork> property) {
        return report.networks().stream().anyMatch(property);
    }

    private String each(Function<EvaluatedNetwork, String> text) {
        return report.networks().stream().map(text).collect(Collectors.joining("; "));
    }

    private String named(Function<EvaluatedNetwork, String> text) {
        return each(network -> network.name() + ": " + text.apply(network));
    }
}
