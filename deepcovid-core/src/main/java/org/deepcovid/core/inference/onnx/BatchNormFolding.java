package org.deepcovid.core.inference.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepcovid.core.inference.plan.BatchNormNode;
import org.deepcovid.core.inference.plan.ConvolutionNode;
import org.deepcovid.core.inference.plan.NetworkPlan;
import org.deepcovid.core.inference.plan.Nonlinearity;
import org.deepcovid.core.inference.plan.PlanNode;

/**
 * The batch normalisations that disappear into a convolution: those that alone take what the
 * convolution gives, before any ReLU.
 */
final class BatchNormFolding {

    private final Map<String, BatchNormNode> byConvolution = new HashMap<>();
    private final Set<String> folded = new HashSet<>();

    BatchNormFolding(NetworkPlan plan) {
        Map<String, Integer> uses = uses(plan);
        Map<String, PlanNode> byName = new HashMap<>();
        for (PlanNode node : plan.nodes()) {
            byName.put(node.name(), node);
            if (node instanceof BatchNormNode norm
                    && byName.get(norm.inputs().get(0)) instanceof ConvolutionNode convolution
                    && convolution.nonlinearity() == Nonlinearity.IDENTITY
                    && uses.get(convolution.name()) == 1) {
                byConvolution.put(convolution.name(), norm);
                folded.add(norm.name());
            }
        }
    }

    private static Map<String, Integer> uses(NetworkPlan plan) {
        Map<String, Integer> uses = new HashMap<>();
        plan.outputs().values().forEach(name -> uses.merge(name, 1, Integer::sum));
        plan.nodes()
                .forEach(node -> node.inputs().forEach(name -> uses.merge(name, 1, Integer::sum)));
        return uses;
    }

    /** What follows a convolution and disappears into it. */
    Optional<BatchNormNode> into(ConvolutionNode convolution) {
        return Optional.ofNullable(byConvolution.get(convolution.name()));
    }

    /** Whether a node disappears into another. */
    boolean isFolded(PlanNode node) {
        return folded.contains(node.name());
    }
}
