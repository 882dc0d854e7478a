package org.deepcovid.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Converts the {@code model.json} of schema 1 to the present schema. */
final class FirstSchema {

    private FirstSchema() {}

    /**
     * Converts in place; properties that are missing stay missing.
     *
     * @throws IllegalArgumentException if a part has another type
     */
    static void convert(ObjectNode root) {
        root.put("schemaVersion", ClassifierDocument.SCHEMA_VERSION);
        ObjectNode config = object(object(root, "provenance"), "config");
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

    private static ObjectNode object(ObjectNode parent, String name) {
        if (parent.get(name) instanceof ObjectNode node) {
            return node;
        }
        throw new IllegalArgumentException("its model.json lacks the object '" + name + "'");
    }
}
