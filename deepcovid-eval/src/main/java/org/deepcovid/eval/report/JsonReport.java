package org.deepcovid.eval.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.provenance.DataFingerprint;

/**
 * The numbers of a report for programs. Its fields are listed in {@code docs/report.md}; a field is
 * only ever added within one {@link #SCHEMA_VERSION}, never changed or taken away.
 */
final class JsonReport {

    static final String FORMAT = "deepcovid-report";
    static final int SCHEMA_VERSION = 1;

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonReport() {}

    static String of(Report study, List<Comparison.Pair> pairs, Instant written) {
        ObjectNode root = JsonNumbers.object();
        root.put("format", FORMAT).put("schemaVersion", SCHEMA_VERSION);
        root.put("notice", SummarySection.NOTICE);
        root.put("title", study.title());
        root.put("writtenAt", written.truncatedTo(ChronoUnit.SECONDS).toString());
        root.set("unfinished", strings(study.pending()));
        root.set("notes", strings(study.notes()));
        root.set("warnings", strings(Warnings.of(study)));
        root.set("dataset", dataset(study));
        ArrayNode networks = root.putArray("networks");
        study.networks().forEach(network -> networks.add(JsonNetwork.of(network)));
        root.set("comparison", comparison(pairs));
        root.set("published", published(study));
        root.set("checklist", checklist(study));
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes always becomes text", e);
        }
    }

    static ArrayNode strings(List<String> texts) {
        ArrayNode node = JsonNumbers.array();
        texts.forEach(node::add);
        return node;
    }

    private static ObjectNode dataset(Report study) {
        ObjectNode node = JsonNumbers.object().put("name", study.dataset());
        Map<SplitPart, List<LabelledImage>> parts = study.split().byPart();
        parts.forEach((part, images) -> node.set(part.folderName(), part(images)));
        node.set("testFingerprint", fingerprint(study.testFingerprint()));
        return node;
    }

    private static ObjectNode part(List<LabelledImage> images) {
        return JsonNumbers.object()
                .put("images", images.size())
                .put("covid", DataSection.count(images, Label.COVID))
                .put("patients", DataSection.patients(images));
    }

    static ObjectNode fingerprint(DataFingerprint print) {
        return JsonNumbers.object()
                .put("sha256", print.sha256())
                .put("images", print.images())
                .put("covid", print.covidImages());
    }

    private static ArrayNode comparison(List<Comparison.Pair> pairs) {
        ArrayNode node = JsonNumbers.array();
        for (Comparison.Pair pair : pairs) {
            Comparison.Tests tests = pair.tests();
            ObjectNode entry = node.addObject();
            entry.put("first", tests.first()).put("second", tests.second());
            entry.set(
                    "aucDifference",
                    tests.deLong()
                            .map(t -> JsonNumbers.interval(t.difference(), t.interval()))
                            .orElse(null));
            entry.set(
                    "aucDifferenceByPatient",
                    tests.aucByPatient().map(JsonNumbers::of).orElse(null));
            JsonNumbers.put(entry, "deLongPValue", tests.deLongPValue());
            JsonNumbers.put(entry, "deLongAdjustedPValue", pair.deLong());
            entry.put("covidOnlyFirstRight", tests.positives().onlyFirstRight());
            entry.put("covidOnlySecondRight", tests.positives().onlySecondRight());
            entry.put("covidAdjustedPValue", pair.positives());
            entry.put("otherOnlyFirstRight", tests.negatives().onlyFirstRight());
            entry.put("otherOnlySecondRight", tests.negatives().onlySecondRight());
            entry.put("otherAdjustedPValue", pair.negatives());
        }
        return node;
    }

    private static ArrayNode published(Report study) {
        ArrayNode node = JsonNumbers.array();
        for (PublishedResult result : study.published()) {
            node.addObject()
                    .put("architecture", result.architecture())
                    .put("label", result.label())
                    .put("auc", result.auc())
                    .put("sensitivity", result.sensitivity())
                    .put("sensitivityMargin", result.sensitivityMargin())
                    .put("specificity", result.specificity());
        }
        return node;
    }

    private static ArrayNode checklist(Report study) {
        ArrayNode node = JsonNumbers.array();
        for (Checklist.Item item : Checklist.of(study)) {
            node.addObject()
                    .put("area", item.area())
                    .put("question", item.question())
                    .put("askedBy", item.origin())
                    .put("answer", item.answer().orElse(null));
        }
        return node;
    }
}
