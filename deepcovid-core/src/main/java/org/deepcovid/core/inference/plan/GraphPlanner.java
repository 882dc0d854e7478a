package org.deepcovid.core.inference.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reads a native DL4J graph into a {@link NetworkPlan}: what it computes in inference mode, so
 * dropout and frozen-layer wrappers leave no trace. Only exact DL4J layer types are taken: a
 * subclass may compute something else.
 */
public final class GraphPlanner {

    private final ComputationGraphConfiguration graph;
    private final Map<String, ActivationShape> shapes = new HashMap<>();
    private final List<PlanNode> nodes = new ArrayList<>();

    private GraphPlanner(ComputationGraphConfiguration graph) {
        this.graph = graph;
    }

    /**
     * Plans a backbone, with its pre-training head if it has one.
     *
     * @param backbone open
     * @return plan for its input size
     * @throws UnsupportedLayerException naming the first layer that cannot be expressed
     */
    public static NetworkPlan plan(Backbone backbone) {
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
     * Plans the part of a graph that gives some vertices.
     *
     * @param graph one input, NCHW
     * @param inputShape [C, H, W] of the images
     * @param outputs names of the vertices that give the outputs
     * @return plan
     * @throws UnsupportedLayerException naming the first layer that cannot be expressed
     * @throws IllegalArgumentException if the graph has not one input, a vertex does not exist, or
     *     the images do not fit the graph
     */
    public static NetworkPlan plan(
            ComputationGraph graph,
            ActivationShape inputShape,
            Map<NetworkOutput, String> outputs) {
        List<String> inputs = graph.getConfiguration().getNetworkInputs();
        if (inputs.size() != 1) {
            throw new IllegalArgumentException(
                    "the graph has inputs %s; expected one".formatted(inputs));
        }
        GraphPlanner planner = new GraphPlanner(graph.getConfiguration());
        planner.shapes.put(inputs.get(0), inputShape);
        Set<String> needed = planner.needed(outputs);
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (needed.contains(name) && !name.equals(inputs.get(0))) {
                planner.add(name);
            }
        }
        return new NetworkPlan(inputs.get(0), inputShape, planner.nodes, outputs);
    }

    /**
     * The parameters of a backbone, copied from its graph whenever they are asked for.
     *
     * @param backbone open for as long as parameters are asked for
     * @return by the names of {@link Backbone#parameters()}
     */
    public static NetworkParameters parameters(Backbone backbone) {
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

    private Set<String> needed(Map<NetworkOutput, String> outputs) {
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(outputs.values());
        while (!open.isEmpty()) {
            String name = open.pop();
            if (needed.add(name)) {
                open.addAll(graph.getVertexInputs().getOrDefault(name, List.of()));
            }
        }
        return needed;
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
            return new LayerPlanner(name, inputs.get(0), shape).node((LayerVertex) vertex);
        }
        if (vertex.getClass() == MergeVertex.class) {
            if (((MergeVertex) vertex).getMergeAxis() != 1) {
                throw new UnsupportedLayerException(
                        name, "a merge of another axis than the channels of NCHW");
            }
            return new ConcatNode(name, inputs);
        }
        if (vertex instanceof ElementWiseVertex sum
                && vertex.getClass() == ElementWiseVertex.class
                && sum.getOp() == ElementWiseVertex.Op.Add) {
            return new AddNode(name, inputs);
        }
        throw new UnsupportedLayerException(
                name, "vertex " + vertex.getClass().getName() + " cannot be compiled");
    }
}
