package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.ModelProvenance;

/**
 * The {@code model.json} of a saved classifier. The plan, where the network can be expressed by
 * one, lets the classifier run without DL4J.
 */
record ClassifierDocument(
        String format,
        int schemaVersion,
        String notice,
        List<String> labels,
        String positive,
        BackboneSpec backbone,
        Optional<NetworkPlan> plan,
        Optional<DecisionThreshold> threshold,
        Optional<ScoreCalibration> calibration,
        Optional<LabelSets> labelSets,
        List<Recalibration> recalibrations,
        ModelProvenance provenance) {

    static final String FORMAT = "deepcovid-classifier";
    static final int SCHEMA_VERSION = 4;
    private static final String NOTICE =
            "Scores of a research model. Not a diagnostic device; not for clinical decisions.";

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .registerModule(new Jdk8Module())
                    .registerModule(new RecipeJson())
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

    ClassifierDocument {
        labels = List.copyOf(labels);
        requireNonNull(positive, "positive is null");
        requireNonNull(backbone, "backbone is null");
        recalibrations = List.copyOf(recalibrations);
        requireNonNull(provenance, "provenance is null");
    }

    static ClassifierDocument of(CovidClassifier classifier, Optional<NetworkPlan> plan) {
        Decisions decisions = classifier.decisions();
        return new ClassifierDocument(
                FORMAT,
                SCHEMA_VERSION,
                NOTICE,
                classifier.labels().names(),
                classifier.labels().positive().name(),
                classifier.spec(),
                plan,
                decisions.threshold(),
                decisions.calibration(),
                decisions.labelSets(),
                decisions.recalibrations(),
                classifier.provenance());
    }

    Decisions decisions() {
        return new Decisions(calibration, threshold, labelSets, recalibrations);
    }

    LabelSet labelSet() {
        return new LabelSet(labels.stream().map(Label::new).toList(), new Label(positive));
    }

    byte[] toJson() throws IOException {
        return JSON.writeValueAsBytes(this);
    }

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException if it is no classifier of this schema; the message says why
     */
    static ClassifierDocument parse(byte[] json) throws IOException {
        try {
            JsonNode root = JSON.readTree(json);
            requireKnownSchema(root);
            EarlierSchemas.convert((ObjectNode) root);
            ClassifierDocument document = JSON.treeToValue(root, ClassifierDocument.class);
            document.plan().ifPresent(plan -> plan.requireFitting(document.backbone()));
            document.labelSets().ifPresent(sets -> sets.requireFitting(document.labelSet()));
            return document;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "its model.json cannot be understood: " + e.getOriginalMessage(), e);
        }
    }

    private static void requireKnownSchema(JsonNode root) {
        if (!root.path("format").asText().equals(FORMAT)) {
            throw new IllegalArgumentException("its model.json is not of a DeepCovid classifier");
        }
        int version = root.path("schemaVersion").asInt();
        if (version < 1 || version > SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    "it has schema version %d; this library reads versions 1 to %d: %s"
                            .formatted(
                                    version,
                                    SCHEMA_VERSION,
                                    version > SCHEMA_VERSION
                                            ? "use a newer release of the library"
                                            : "the file is damaged"));
        }
    }
}
