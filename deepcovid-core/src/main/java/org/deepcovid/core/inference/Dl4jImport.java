package org.deepcovid.core.inference;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphSurgery;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Converts a DL4J graph to a {@link NetworkPlan} of its inference mode: dropout and frozen-layer
 * wrappers disappear. Only exact DL4J layer types are accepted, as a subclass may compute something
 * else.
 */
final class Dl4jImport {

    private final ComputationGraphConfiguration graph;
    private final Map<String, ActivationShape> shapes = new HashMap<>();
    private final List<PlanNode> nodes = new ArrayList<>();

    private Dl4jImport(ComputationGraphConfiguration graph) {
        this.graph = graph;
    }

    static NetworkPlan plan(Backbone backbone) {
        BackboneSpec spec = backbone.spec();
        ComputationGraph graph = backbone.graph();
        Map<NetworkOutput, String> outputs = new EnumMap<>(NetworkOutput.class);
        outputs.put(NetworkOutput.FEATURE_MAP, spec.camLayer());
        outputs.put(NetworkOutput.FEATURES, Backbone.FEATURES);
        if (graph.getVertex(Backbone.LOGITS) != null) {
            outputs.put(NetworkOutput.LOGITS, Backbone.LOGITS);
        }
        return plan(graph, ActivationShape.map(3, spec.inputSize(), spec.inputSize()), outputs);
    }

    /**
     * The plan of the vertices that some outputs depend on.
     *
     * @param graph one input, NCHW
     * @param inputShape [C, H, W] of the images
     * @param outputs vertex name of each output
     */
    static NetworkPlan plan(
            ComputationGraph graph,
            ActivationShape inputShape,
            Map<NetworkOutput, String> outputs) {
        List<String> inputs = graph.getConfiguration().getNetworkInputs();
        if (inputs.size() != 1) {
            throw new IllegalArgumentException(
                    "the graph has inputs %s; expected one".formatted(inputs));
        }
        Dl4jImport plan = new Dl4jImport(graph.getConfiguration());
        plan.shapes.put(inputs.get(0), inputShape);
        Set<String> needed = GraphSurgery.withAncestors(graph.getConfiguration(), outputs.values());
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (needed.contains(name) && !name.equals(inputs.get(0))) {
                plan.add(name);
            }
        }
        return new NetworkPlan(inputs.get(0), inputShape, plan.nodes, outputs);
    }

    /** Positions of a layer's cells, where a plan can express the layers up to it. */
    static Optional<NetworkPlan.CellCentres> centres(
            ComputationGraph graph, ActivationShape inputShape, String layer) {
        try {
            return plan(graph, inputShape, Map.of(NetworkOutput.FEATURE_MAP, layer))
                    .featureMapCentres();
        } catch (UnsupportedLayerException e) {
            return Optional.empty();
        }
    }

    static NetworkParameters parameters(Backbone backbone) {
        return name -> {
            int slash = name.lastIndexOf('/');
            GraphVertex vertex = backbone.graph().getVertex(name.substring(0, Math.max(0, slash)));
            INDArray values =
                    vertex == null || !vertex.hasLayer()
                            ? null
                            : vertex.getLayer().paramTable(false).get(name.substring(slash + 1));
            return values == null ? null : values.dup('c').data().asFloat();
        };
    }

    private void add(String name) {
        List<String> inputs = graph.getVertexInputs().get(name);
        List<ActivationShape> inputShapes = inputs.stream().map(shapes::get).toList();
        PlanNode node;
        try {
            node = node(name, inputs, inputShapes.get(0), graph.getVertices().get(name));
            shapes.put(name, node.shape(inputShapes));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "layer '%s' does not fit its input %s: %s"
                            .formatted(name, inputShapes.get(0).extents(), e.getMessage()),
                    e);
        }
        nodes.add(node);
    }

    private static PlanNode node(
            String name,
            List<String> inputs,
            ActivationShape shape,
            org.deeplearning4j.nn.conf.graph.GraphVertex vertex) {
        if (vertex instanceof FrozenVertex frozen) {
            return node(name, inputs, shape, frozen.getUnderlying());
        }
        if (vertex.getClass() == LayerVertex.class) {
            return new Dl4jLayer(name, inputs.get(0), shape).node((LayerVertex) vertex);
        }
        if (vertex.getClass() == MergeVertex.class) {
            if (((MergeVertex) vertex).getMergeAxis() != 1) {
                throw new UnsupportedLayerException(
                        name, "a merge of another axis than the channels of NCHW");
            }
            return new PlanNode.Concat(name, inputs);
        }
        if (vertex instanceof ElementWiseVertex sum
                && vertex.getClass() == ElementWiseVertex.class
                && sum.getOp() == ElementWiseVertex.Op.Add) {
            return new PlanNode.Add(name, inputs);
        }
        throw new UnsupportedLayerException(
                name, "vertex " + vertex.getClass().getName() + " cannot be compiled");
    }
}
