package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network without its parameters: what is computed from what, in an order in which it can be
 * computed. It can be written and read as JSON by Jackson's {@code ObjectMapper}; a plan that was
 * read has passed every check of the constructor.
 *
 * @param input name of the input, images [N, C, H, W]
 * @param inputShape [C, H, W]
 * @param nodes each after those that it takes; their names and the input's are unique
 * @param outputs the names of the nodes that give the outputs, at least one
 */
public record NetworkPlan(
        String input,
        ActivationShape inputShape,
        List<PlanNode> nodes,
        Map<NetworkOutput, String> outputs) {

    private static final int MOST_NODES = 10_000;

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if the nodes do not fit together; the message names the node
     */
    public NetworkPlan {
        requireNonNull(input, "input is null");
        requireNonNull(inputShape, "inputShape is null");
        nodes = List.copyOf(requireNonNull(nodes, "nodes is null"));
        outputs = checkedOutputs(requireNonNull(outputs, "outputs is null"));
        if (!inputShape.isMap() || nodes.isEmpty() || nodes.size() > MOST_NODES) {
            throw new IllegalArgumentException(
                    "a plan of %d nodes for inputs %s; expected 1 to %d nodes for [C, H, W]"
                            .formatted(nodes.size(), inputShape.extents(), MOST_NODES));
        }
        Map<String, ActivationShape> shapes = shapes(input, inputShape, nodes);
        outputs.forEach((output, node) -> requireShape(output, shapes.get(node), node));
    }

    private static Map<NetworkOutput, String> checkedOutputs(Map<NetworkOutput, String> outputs) {
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("a plan without outputs; expected at least one");
        }
        return Collections.unmodifiableMap(new EnumMap<>(outputs));
    }

    private static void requireShape(NetworkOutput output, ActivationShape shape, String node) {
        if (shape == null || shape.isMap() != (output == NetworkOutput.FEATURE_MAP)) {
            throw new IllegalArgumentException(
                    "output %s is node '%s', %s; expected %s"
                            .formatted(
                                    output,
                                    node,
                                    shape == null ? "which does not exist" : shape.extents(),
                                    output == NetworkOutput.FEATURE_MAP ? "[C, H, W]" : "[C]"));
        }
    }

    private static Map<String, ActivationShape> shapes(
            String input, ActivationShape inputShape, List<PlanNode> nodes) {
        Map<String, ActivationShape> shapes = new LinkedHashMap<>();
        shapes.put(input, inputShape);
        for (PlanNode node : nodes) {
            ActivationShape shape = node.shape(shapesOf(node, shapes));
            if (shapes.put(node.name(), shape) != null) {
                throw new IllegalArgumentException(
                        "the plan has two activations named '%s'".formatted(node.name()));
            }
        }
        return shapes;
    }

    private static List<ActivationShape> shapesOf(
            PlanNode node, Map<String, ActivationShape> known) {
        List<ActivationShape> shapes = new ArrayList<>();
        for (String input : node.inputs()) {
            ActivationShape shape = known.get(input);
            if (shape == null) {
                throw new IllegalArgumentException(
                        "node '%s' takes '%s'; expected an earlier node or the input"
                                .formatted(node.name(), input));
            }
            shapes.add(shape);
        }
        return shapes;
    }

    /**
     * The shape of every activation.
     *
     * @return by name, the input first, then the nodes in order
     */
    public Map<String, ActivationShape> shapes() {
        return Collections.unmodifiableMap(shapes(input, inputShape, nodes));
    }

    /**
     * The parameters that the plan needs.
     *
     * @return shapes by name, such as {@code "conv1/W"}, in the order of the nodes
     */
    public Map<String, List<Integer>> parameters() {
        Map<String, ActivationShape> shapes = shapes();
        Map<String, List<Integer>> parameters = new LinkedHashMap<>();
        for (PlanNode node : nodes) {
            node.parameters(shapesOf(node, shapes))
                    .forEach((name, shape) -> parameters.put(node.name() + "/" + name, shape));
        }
        return Collections.unmodifiableMap(parameters);
    }

    /**
     * The part of this plan that some outputs need.
     *
     * @param wanted outputs of this plan, at least one
     * @return a plan with these outputs and no node that they do not need
     * @throws IllegalArgumentException if nothing is wanted or this plan lacks a wanted output
     */
    public NetworkPlan reducedTo(Set<NetworkOutput> wanted) {
        if (!outputs.keySet().containsAll(wanted)) {
            throw new IllegalArgumentException(
                    "wanted are %s; this network gives %s".formatted(wanted, outputs.keySet()));
        }
        Map<NetworkOutput, String> kept = new LinkedHashMap<>(outputs);
        kept.keySet().retainAll(wanted);
        Set<String> needed = new HashSet<>(kept.values());
        List<PlanNode> reduced = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (needed.contains(nodes.get(i).name())) {
                needed.addAll(nodes.get(i).inputs());
                reduced.add(nodes.get(i));
            }
        }
        Collections.reverse(reduced);
        return new NetworkPlan(input, inputShape, reduced, kept);
    }
}
