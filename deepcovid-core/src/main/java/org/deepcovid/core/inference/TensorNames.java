package org.deepcovid.core.inference;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tensor names in an ONNX model: outputs have their fixed names, other activations the name of
 * their node; a node name that equals a fixed name gets a suffix.
 */
final class TensorNames {

    private static final Set<String> RESERVED =
            Set.of(
                    OnnxConverter.IMAGES,
                    NetworkOutput.FEATURE_MAP.id(),
                    NetworkOutput.FEATURES.id(),
                    NetworkOutput.LOGITS.id(),
                    OnnxExport.PROBABILITIES);

    private final Map<String, String> renamed = new HashMap<>();
    private final Map<String, String> copies = new LinkedHashMap<>();

    TensorNames(NetworkPlan plan) {
        for (Map.Entry<NetworkOutput, String> output : plan.outputs().entrySet()) {
            String id = output.getKey().id();
            String first = renamed.putIfAbsent(output.getValue(), id);
            if (first != null) {
                copies.put(id, first);
            }
        }
    }

    void rename(String activation, String tensor) {
        renamed.put(activation, tensor);
    }

    /** The tensor of an activation. */
    String of(String activation) {
        boolean reserved =
                RESERVED.contains(activation) || activation.endsWith(OnnxExport.PROBABILITY);
        String plain = reserved ? activation + ":value" : activation;
        return renamed.getOrDefault(activation, plain);
    }

    /** A tensor that belongs to one node. */
    String inner(PlanNode node, String part) {
        return node.name() + ":" + part;
    }

    /** Outputs that are the same activation as another output, by name. */
    Map<String, String> copies() {
        return copies;
    }
}
