package org.deepcovid.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.Standardization;

/** Converts the {@code model.json} of earlier schemas to the present one. */
final class EarlierSchemas {

    private static final String IMAGES = "images";
    private static final String PATIENCE = "patience";
    private static final String STANDARDIZATION = "standardization";
    private static final String ACQUISITION = "acquisition";
    private static final String SEEDS = "seeds";

    private EarlierSchemas() {}

    /**
     * Converts in place; properties that are missing stay missing.
     *
     * @throws IllegalArgumentException if a part has another type
     */
    static void convert(ObjectNode root) {
        int version = root.path("schemaVersion").asInt();
        if (version == 1) {
            groupOptimization(object(object(root, "provenance"), "config"));
        }
        if (version <= 2) {
            root.put("positive", Label.COVID.name());
            countByLabel(object(object(root, "provenance"), "training"));
            countByLabel(object(object(root, "provenance"), "validation"));
        }
        if (root.path("provenance").path("config") instanceof ObjectNode config) {
            addDefaults(config);
        }
        if (root.path("provenance").path("weights") instanceof ObjectNode weights
                && !weights.has(IMAGES)) {
            weights.putArray(IMAGES); // written only where they are known
        }
        if (root.path("provenance") instanceof ObjectNode provenance) {
            for (String known :
                    new String[] {
                        "groups", "layout", "precisionCheck"
                    }) { // written only where known
                if (!provenance.has(known)) {
                    provenance.putNull(known);
                }
            }
        }
        if (version <= 3) {
            root.putNull("calibration").putNull("labelSets").putArray("recalibrations");
            if (root.path("threshold") instanceof ObjectNode threshold) {
                threshold.putNull("review");
            }
        }
        root.put("schemaVersion", ClassifierDocument.SCHEMA_VERSION);
    }

    /** Adds what is written only where a recipe uses it. */
    private static void addDefaults(ObjectNode config) {
        if (!config.has(PATIENCE)) {
            config.putNull(PATIENCE);
        }
        if (!config.has(STANDARDIZATION)) {
            config.put(STANDARDIZATION, Standardization.NONE.name());
        }
        if (!config.has(SEEDS)) {
            config.put(SEEDS, 1);
        }
        if (config.path("augmentationPlan").path("augmentation") instanceof ObjectNode changes
                && !changes.has(ACQUISITION)) {
            changes.putNull(ACQUISITION);
        }
    }

    private static void groupOptimization(ObjectNode config) {
        config.remove("inferenceBatchSize"); // settings of the machine, not of the recipe
        config.remove("decodeThreads");
        ObjectNode optimization = config.putObject("optimization");
        for (String name : new String[] {"optimizer", "learningRate", "schedule"}) {
            JsonNode value = config.remove(name);
            if (value != null) {
                optimization.set(name, value);
            }
        }
    }

    private static void countByLabel(ObjectNode fingerprint) {
        int covid = fingerprint.path("covidImages").asInt();
        int all = fingerprint.path("images").asInt();
        fingerprint.remove("covidImages");
        fingerprint.remove("images");
        fingerprint
                .putObject("imagesByLabel")
                .put(Label.NON_COVID.name(), all - covid)
                .put(Label.COVID.name(), covid);
    }

    private static ObjectNode object(ObjectNode parent, String name) {
        if (parent.get(name) instanceof ObjectNode node) {
            return node;
        }
        throw new IllegalArgumentException("its model.json lacks the object '" + name + "'");
    }
}
