package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;

/**
 * A network without its parameters: operations in topological order. Jackson's {@code ObjectMapper}
 * writes and reads it as JSON; reading runs every check of the constructor.
 *
 * @param input name of the input, images [N, C, H, W]
 * @param inputShape [C, H, W]
 * @param nodes operations, each after its inputs; names are unique
 * @param outputs node name of each output, at least one
 */
public record NetworkPlan(
        String input,
        ActivationShape inputShape,
        List<PlanNode> nodes,
        Map<NetworkOutput, String> outputs) {

    private static final int MAX_NODES = 10_000;

    /**
     * Positions of a feature map's cells, the centres of their receptive fields, the same for rows
     * and columns: cell i is centred on {@code first + i * step}.
     *
     * @param first centre of the first cell, in pixels from the edge of the input; pixel i covers i
     *     to i + 1
     * @param step distance between centres, in pixels
     */
    public record CellCentres(double first, double step) {}

    /**
     * Computes all shapes.
     *
     * @throws IllegalArgumentException if the nodes do not fit together; the message names the node
     */
    public NetworkPlan {
        requireNonNull(input, "input is null");
        requireNonNull(inputShape, "inputShape is null");
        nodes = List.copyOf(requireNonNull(nodes, "nodes is null"));
        outputs = checkedOutputs(requireNonNull(outputs, "outputs is null"));
        if (!inputShape.isMap() || nodes.isEmpty() || nodes.size() > MAX_NODES) {
            throw new IllegalArgumentException(
                    "a plan of %d nodes for inputs %s; expected 1 to %d nodes for [C, H, W]"
                            .formatted(nodes.size(), inputShape.extents(), MAX_NODES));
        }
        Map<String, ActivationShape> shapes = shapes(input, inputShape, nodes);
        outputs.forEach((output, node) -> requireShape(output, shapes.get(node), node));
    }

    /**
     * The plan of a backbone at its input size, with its pre-training head if it has one.
     *
     * @param backbone open
     * @throws UnsupportedLayerException naming the first layer that cannot be expressed
     */
    public static NetworkPlan of(Backbone backbone) {
        return Dl4jImport.plan(backbone);
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
                        "input of node '%s' is '%s'; expected an earlier node or the plan's input"
                                .formatted(node.name(), input));
            }
            shapes.add(shape);
        }
        return shapes;
    }

    /**
     * Checks the sizes of a specification against those of this plan.
     *
     * @throws IllegalArgumentException if the input or the feature map has another size
     */
    public void requireFitting(BackboneSpec spec) {
        ActivationShape image = ActivationShape.map(3, spec.inputSize(), spec.inputSize());
        requireEqual("input", image, inputShape);
        String map = outputs.get(NetworkOutput.FEATURE_MAP);
        if (map != null) {
            requireEqual(
                    "feature map",
                    ActivationShape.map(
                            spec.featureChannels(), spec.featureSize(), spec.featureSize()),
                    shapes().get(map));
        }
    }

    private static void requireEqual(
            String name, ActivationShape specified, ActivationShape planned) {
        if (!specified.equals(planned)) {
            throw new IllegalArgumentException(
                    "the %s of the network is %s by its specification and %s by its plan; expected the same"
                            .formatted(name, specified.extents(), planned.extents()));
        }
    }

    /**
     * Shape of every activation, without the batch.
     *
     * @return by name, the input first, then the nodes in order
     */
    public Map<String, ActivationShape> shapes() {
        return Collections.unmodifiableMap(shapes(input, inputShape, nodes));
    }

    /**
     * Positions of the last feature map's cells in the network's input.
     *
     * @return empty without this output, or if rows and columns differ
     */
    public Optional<CellCentres> featureMapCentres() {
        Map<String, Optional<CellCentres>> centres = new HashMap<>();
        centres.put(input, Optional.of(new CellCentres(0.5, 1)));
        for (PlanNode node : nodes) {
            // all inputs of a node cover the same places
            centres.put(node.name(), centres.get(node.inputs().get(0)).flatMap(node::centres));
        }
        return Optional.ofNullable(outputs.get(NetworkOutput.FEATURE_MAP)).flatMap(centres::get);
    }

    /**
     * Positions of a layer's cells in the network's input.
     *
     * @param backbone open
     * @param layer name of a vertex of its graph, with a feature map as its output
     * @return empty if the layer depends on one that a plan cannot express, or rows and columns
     *     differ
     */
    public static Optional<CellCentres> centres(Backbone backbone, String layer) {
        int size = backbone.spec().inputSize();
        return Dl4jImport.centres(backbone.graph(), ActivationShape.map(3, size, size), layer);
    }

    /**
     * Shapes of all parameters.
     *
     * @return by name, such as {@code "conv1/W"}, in the order of the nodes
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
     * A plan of fewer nodes that computes the same.
     *
     * @param plan every convolution has a bias, includes the batch normalisation and the ReLU that
     *     directly follow it and that nothing else needs; other batch normalisations have mean 0,
     *     variance 1 and epsilon 0
     * @param parameters of this plan
     */
    public record Fused(NetworkPlan plan, NetworkParameters parameters) {}

    /**
     * Joins convolutions with what follows them, for engines.
     *
     * @param parameters every parameter of this plan
     * @throws IllegalArgumentException if a parameter is missing or does not fit
     */
    public Fused fused(NetworkParameters parameters) {
        return PlanFusion.of(this, parameters);
    }

    /**
     * The sub-network that computes some outputs.
     *
     * @param requested outputs of this plan, at least one
     * @return a plan with these outputs and only the nodes they depend on
     * @throws IllegalArgumentException if {@code requested} is empty or this plan lacks one of them
     */
    public NetworkPlan reducedTo(Set<NetworkOutput> requested) {
        if (!outputs.keySet().containsAll(requested)) {
            throw new IllegalArgumentException(
                    "requested outputs %s; this network has %s"
                            .formatted(requested, outputs.keySet()));
        }
        Map<NetworkOutput, String> kept = new LinkedHashMap<>(outputs);
        kept.keySet().retainAll(requested);
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
