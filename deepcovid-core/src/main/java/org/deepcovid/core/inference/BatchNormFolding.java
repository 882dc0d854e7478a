package org.deepcovid.core.inference;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The batch normalisations that can be folded into a convolution: those that are its only consumer,
 * before any ReLU.
 */
final class BatchNormFolding {

    private final Map<String, PlanNode.BatchNorm> byConvolution = new HashMap<>();
    private final Set<String> folded = new HashSet<>();

    BatchNormFolding(NetworkPlan plan) {
        Map<String, Integer> uses = uses(plan);
        Map<String, PlanNode> byName = new HashMap<>();
        for (PlanNode node : plan.nodes()) {
            byName.put(node.name(), node);
            if (node instanceof PlanNode.BatchNorm norm
                    && byName.get(norm.inputs().get(0)) instanceof PlanNode.Convolution convolution
                    && convolution.nonlinearity() == PlanNode.Nonlinearity.IDENTITY
                    && uses.get(convolution.name()) == 1) {
                byConvolution.put(convolution.name(), norm);
                folded.add(norm.name());
            }
        }
    }

    /** Number of consumers of each activation; an output of the plan counts as one. */
    static Map<String, Integer> uses(NetworkPlan plan) {
        Map<String, Integer> uses = new HashMap<>();
        plan.outputs().values().forEach(name -> uses.merge(name, 1, Integer::sum));
        plan.nodes()
                .forEach(node -> node.inputs().forEach(name -> uses.merge(name, 1, Integer::sum)));
        return uses;
    }

    /** The normalisation that is folded into a convolution. */
    Optional<PlanNode.BatchNorm> into(PlanNode.Convolution convolution) {
        return Optional.ofNullable(byConvolution.get(convolution.name()));
    }

    boolean isFolded(PlanNode node) {
        return folded.contains(node.name());
    }
}
