package org.deepcovid.core.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.inference.PlanNode.Bias;
import org.deepcovid.core.inference.PlanNode.Nonlinearity;

/** Rewrites a plan to one with fewer nodes that computes the same. */
final class PlanFusion {

    private final NetworkParameters parameters;
    private final Map<String, ActivationShape> shapes;
    private final BatchNormFolding folding;
    private final List<PlanNode> nodes = new ArrayList<>();
    private final Map<String, float[]> values = new HashMap<>();

    private PlanFusion(NetworkPlan plan, NetworkParameters parameters) {
        this.parameters = parameters;
        this.shapes = plan.shapes();
        this.folding = new BatchNormFolding(plan);
    }

    static NetworkPlan.Fused of(NetworkPlan plan, NetworkParameters parameters) {
        PlanFusion fusion = new PlanFusion(plan, parameters);
        for (PlanNode node : plan.nodes()) {
            if (!fusion.folding.isFolded(node)) {
                fusion.add(node);
            }
        }
        NetworkPlan folded =
                new NetworkPlan(plan.input(), plan.inputShape(), fusion.nodes, plan.outputs());
        return new NetworkPlan.Fused(
                fuseRelu(folded, fusion.values), NetworkParameters.of(fusion.values));
    }

    private void add(PlanNode node) {
        if (node instanceof PlanNode.Convolution convolution) {
            add(convolution);
        } else if (node instanceof PlanNode.BatchNorm norm) {
            int channels = shapes.get(norm.name()).channels();
            ChannelScale scale = new ChannelScale(norm, channels, parameters);
            float[] ones = new float[channels];
            Arrays.fill(ones, 1);
            nodes.add(
                    new PlanNode.BatchNorm(
                            norm.name(), norm.inputs(), 0, PlanNode.BatchNorm.Spread.VARIANCE));
            values.put(norm.name() + "/gamma", scale.factor());
            values.put(norm.name() + "/beta", scale.summand(() -> new float[channels]));
            values.put(norm.name() + "/mean", new float[channels]);
            values.put(norm.name() + "/var", ones);
        } else {
            nodes.add(node);
            parameterShapes(node)
                    .forEach((name, shape) -> values.put(key(node, name), value(node, name)));
        }
    }

    private void add(PlanNode.Convolution node) {
        Optional<PlanNode.BatchNorm> norm = folding.into(node);
        Optional<ChannelScale> scale =
                norm.map(n -> new ChannelScale(n, node.channels(), parameters));
        float[] kernel = value(node, "W");
        float[] bias = node.bias() == Bias.ADDED ? value(node, "b") : new float[node.channels()];
        PlanNode.Convolution folded =
                new PlanNode.Convolution(
                        norm.map(PlanNode::name).orElse(node.name()),
                        node.inputs(),
                        node.channels(),
                        node.window(),
                        Bias.ADDED,
                        node.nonlinearity());
        nodes.add(folded);
        values.put(key(folded, "W"), scale.map(s -> s.scaleOutputs(kernel)).orElse(kernel));
        values.put(key(folded, "b"), scale.map(s -> s.summand(() -> bias)).orElse(bias));
    }

    private Map<String, List<Integer>> parameterShapes(PlanNode node) {
        return node.parameters(node.inputs().stream().map(shapes::get).toList());
    }

    private float[] value(PlanNode node, String name) {
        return parameters.require(key(node, name), parameterShapes(node).get(name));
    }

    private static String key(PlanNode node, String name) {
        return node.name() + "/" + name;
    }

    /** Joins a convolution with the ReLU that is its only consumer. */
    private static NetworkPlan fuseRelu(NetworkPlan plan, Map<String, float[]> values) {
        Map<String, Integer> uses = BatchNormFolding.uses(plan);
        Map<String, PlanNode> fused = new LinkedHashMap<>();
        for (PlanNode node : plan.nodes()) {
            if (node instanceof PlanNode.Activation relu
                    && relu.nonlinearity() == Nonlinearity.RELU
                    && fused.get(relu.inputs().get(0)) instanceof PlanNode.Convolution convolution
                    && uses.get(convolution.name()) == 1) {
                fused.remove(convolution.name());
                fused.put(
                        relu.name(),
                        new PlanNode.Convolution(
                                relu.name(),
                                convolution.inputs(),
                                convolution.channels(),
                                convolution.window(),
                                convolution.bias(),
                                Nonlinearity.RELU));
                for (String parameter : List.of("W", "b")) {
                    values.put(key(relu, parameter), values.remove(key(convolution, parameter)));
                }
            } else {
                fused.put(node.name(), node);
            }
        }
        return new NetworkPlan(
                plan.input(), plan.inputShape(), List.copyOf(fused.values()), plan.outputs());
    }
}
