package org.deepcovid.core.inference.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.inference.plan.NetworkOutput;
import org.deepcovid.core.inference.plan.NetworkPlan;
import org.deepcovid.core.inference.plan.PlanNode;

/**
 * Names of the tensors in an ONNX model. An output bears its own name; another activation that of
 * its node, made distinct from the model's own names by a colon.
 */
final class TensorNames {

    private final Map<String, String> renamed = new HashMap<>();
    private final Map<String, String> copies = new LinkedHashMap<>();
    private final Set<String> reserved = new HashSet<>(OnnxModel.NAMES);

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
        String plain = reserved.contains(activation) ? activation + ":value" : activation;
        return renamed.getOrDefault(activation, plain);
    }

    /** A tensor that belongs to one node. */
    String inner(PlanNode node, String part) {
        return node.name() + ":" + part;
    }

    /** Outputs that are one with another output, by name. */
    Map<String, String> copies() {
        return copies;
    }
}
