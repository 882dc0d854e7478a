package org.deepcovid.eval.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.eval.metrics.comparison.McNemarTest;

/**
 * The numbers of a report for programs. Its fields are listed in {@code docs/report.md}; a field is
 * only ever added within one {@link #SCHEMA_VERSION}, never changed or removed.
 */
final class JsonReport {

    static final String FORMAT = "deepcovid-report";
    static final int SCHEMA_VERSION = 1;

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonReport() {}

    static String of(ReportModel model, Instant written) {
        Report report = model.report();
        ObjectNode root = JsonNumbers.object();
        root.put("format", FORMAT).put("schemaVersion", SCHEMA_VERSION);
        root.put("notice", ReportModel.NOTICE);
        root.put("title", report.title());
        root.put("writtenAt", written.truncatedTo(ChronoUnit.SECONDS).toString());
        root.set("unfinished", strings(report.pending()));
        root.set("notes", strings(report.notes()));
        root.put("conclusion", model.conclusion());
        root.set("warnings", strings(model.allWarnings().stream().map(Warning::toString).toList()));
        root.set("dataset", dataset(model));
        ArrayNode networks = root.putArray("networks");
        report.networks().forEach(network -> networks.add(JsonNetwork.of(network)));
        root.set("crossValidation", report.folds().map(JsonFolds::of).orElse(null));
        root.set("shortcutAudit", report.shortcuts().map(Shortcuts::json).orElse(null));
        root.set("stress", report.stress().map(StressTest::json).orElse(null));
        root.set("comparison", comparison(model.comparison()));
        root.set("published", published(report));
        root.set("checklist", checklist(model.checklist()));
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

    private static ObjectNode dataset(ReportModel model) {
        LabelSet labels = model.report().labels();
        ObjectNode node = JsonNumbers.object().put("name", model.report().dataset());
        node.set("reading", strings(model.report().reading()));
        node.set("flow", model.flow().json());
        node.set("labels", strings(labels.names()));
        node.put("positiveLabel", labels.positive().name());
        for (DataSummary.Part part : model.data().parts()) {
            ObjectNode entry =
                    node.putObject(part.part().folderName())
                            .put("images", part.count().images())
                            .put("covid", part.count().positive())
                            .put("patients", part.patients());
            ObjectNode byLabel = entry.putObject("byLabel");
            for (int i = 0; i < labels.labels().size(); i++) {
                byLabel.put(labels.positiveFirst().get(i).name(), part.count().byLabel().get(i));
            }
        }
        node.set(
                "testFingerprint",
                fingerprint(model.report().testFingerprint(), labels.positive()));
        return node;
    }

    static ObjectNode fingerprint(DataFingerprint print, Label positive) {
        return JsonNumbers.object()
                .put("sha256", print.sha256())
                .put("images", print.images())
                .put("covid", print.count(positive));
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
            put(entry, "covid", tests.positives(), pair.positives());
            put(entry, "other", tests.negatives(), pair.negatives());
        }
        return node;
    }

    private static void put(
            ObjectNode entry, String images, Optional<McNemarTest> test, OptionalDouble pValue) {
        entry.put(images + "OnlyFirstRight", test.map(McNemarTest::onlyFirstRight).orElse(null));
        entry.put(images + "OnlySecondRight", test.map(McNemarTest::onlySecondRight).orElse(null));
        JsonNumbers.put(entry, images + "AdjustedPValue", pValue);
    }

    private static ArrayNode published(Report report) {
        ArrayNode node = JsonNumbers.array();
        for (PublishedResult result : report.published()) {
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

    private static ArrayNode checklist(List<Checklist.Item> items) {
        ArrayNode node = JsonNumbers.array();
        for (Checklist.Item item : items) {
            node.addObject()
                    .put("area", item.area())
                    .put("question", item.question())
                    .put("askedBy", item.origin())
                    .put("answer", item.answer().orElse(null));
        }
        return node;
    }
}
