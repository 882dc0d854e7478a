package org.deepcovid.core.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Cuts and copies DL4J graphs. Every copy of parameters checks their shapes. */
public final class GraphSurgery {

    private GraphSurgery() {}

    /** Names of some vertices and of all that they are computed from, the inputs included. */
    public static Set<String> withAncestors(
            ComputationGraphConfiguration configuration, Collection<String> vertices) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(vertices);
        while (!open.isEmpty()) {
            String vertex = open.pop();
            if (found.add(vertex)) {
                open.addAll(configuration.getVertexInputs().getOrDefault(vertex, List.of()));
            }
        }
        return found;
    }

    /**
     * A copy of a graph's configuration with some of its vertices.
     *
     * @param vertices to keep; names that do not exist are ignored
     */
    public static ComputationGraphConfiguration part(
            ComputationGraph graph, Collection<String> vertices, List<String> outputs) {
        ComputationGraphConfiguration part = graph.getConfiguration().clone();
        part.getVertices().keySet().retainAll(vertices);
        part.getVertexInputs().keySet().retainAll(vertices);
        part.setNetworkOutputs(outputs);
        part.setTopologicalOrder(null);
        part.setTopologicalOrderStr(null);
        return part;
    }

    /** Adds a layer on top of a vertex. */
    public static void append(
            ComputationGraphConfiguration configuration,
            String name,
            NeuralNetConfiguration layer,
            String input) {
        layer.getLayer().setLayerName(name);
        configuration.getVertices().put(name, new LayerVertex(layer, null));
        configuration.getVertexInputs().put(name, List.of(input));
    }

    /** An initialised copy of the part of a graph that some outputs need, with its parameters. */
    public static ComputationGraph upTo(ComputationGraph graph, List<String> outputs) {
        ComputationGraphConfiguration part =
                part(graph, withAncestors(graph.getConfiguration(), outputs), outputs);
        part.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        return initialised(part, graph);
    }

    /**
     * A copy of a backbone up to a layer, which becomes the last feature map, followed by average
     * pooling; without pre-training head. To be closed.
     *
     * @param layer name of a vertex whose output is a square feature map
     * @throws IllegalArgumentException if there is no such layer, or its output is no feature map
     */
    public static Backbone upTo(Backbone backbone, String layer) {
        ComputationGraph graph = backbone.graph();
        InputType.InputTypeConvolutional map = mapOf(backbone, layer);
        ComputationGraphConfiguration part =
                part(
                        graph,
                        withAncestors(graph.getConfiguration(), List.of(layer)),
                        List.of(Backbone.FEATURES));
        NeuralNetConfiguration pooling =
                new NeuralNetConfiguration.Builder()
                        .layer(new GlobalPoolingLayer(PoolingType.AVG))
                        .build();
        append(part, Backbone.FEATURES, pooling, layer);
        BackboneSpec spec = backbone.spec();
        BackboneSpec cut =
                new BackboneSpec(
                        spec.architecture() + " up to " + layer,
                        spec.flavour(),
                        new BackboneSpec.Input(spec.inputSize(), spec.normalization()),
                        new BackboneSpec.Features(
                                Math.toIntExact(map.getChannels()),
                                Math.toIntExact(map.getHeight()),
                                layer),
                        spec.batchNormEpsilon(),
                        new BackboneSpec.Source(spec.licence(), spec.paper()));
        return GraphBackbone.of(cut, backbone.origin(), initialised(part, graph));
    }

    private static InputType.InputTypeConvolutional mapOf(Backbone backbone, String layer) {
        int size = backbone.spec().inputSize();
        ComputationGraphConfiguration configuration = backbone.graph().getConfiguration();
        InputType type =
                configuration
                        .getLayerActivationTypes(false, InputType.convolutional(size, size, 3))
                        .get(layer);
        if (type instanceof InputType.InputTypeConvolutional map) {
            return map;
        }
        throw new IllegalArgumentException(
                "output of layer '%s' of %s is %s; expected a layer with feature maps, one of %s"
                        .formatted(
                                layer,
                                backbone.spec().architecture(),
                                type == null ? "nothing, it does not exist" : type,
                                configuration.getVertices().keySet()));
    }

    /** A copy of a whole backbone, to be closed. */
    public static Backbone copy(Backbone backbone, WeightsOrigin origin) {
        ComputationGraphConfiguration configuration = backbone.graph().getConfiguration().clone();
        return GraphBackbone.of(
                backbone.spec(), origin, initialised(configuration, backbone.graph()));
    }

    /**
     * Replaces batch normalisation of a configuration by a fixed scale and shift from the running
     * statistics, which DL4J can differentiate correctly; other layers stay.
     */
    public static void useRunningStatistics(NeuralNetConfiguration layer) {
        if (layer.getLayer() instanceof BatchNormalization norm) {
            layer.setLayer(RunningStatisticsNorm.like(norm));
        }
    }

    /**
     * A graph of a configuration, with the parameters of the layers that it shares with another.
     *
     * @throws IllegalStateException as {@link #copyParameters} does
     */
    public static ComputationGraph initialised(
            ComputationGraphConfiguration configuration, ComputationGraph parameters) {
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        copyParameters(parameters, graph);
        return graph;
    }

    /**
     * Copies the parameters of the layers that two graphs have in common.
     *
     * @throws IllegalStateException if a parameter is missing in {@code from} or has another shape
     */
    public static void copyParameters(ComputationGraph from, ComputationGraph to) {
        Map<String, INDArray> source = parameters(from);
        parameters(to)
                .forEach(
                        (name, target) -> {
                            GraphVertex layer =
                                    from.getVertex(name.substring(0, name.lastIndexOf('/')));
                            if (layer != null && layer.hasLayer()) {
                                assign(name, source.get(name), target);
                            }
                        });
    }

    private static void assign(String name, INDArray source, INDArray target) {
        Optional<String> problem = mismatch(name, target, source);
        if (problem.isPresent()) {
            throw new IllegalStateException("the graph cannot be copied: " + problem.get());
        }
        target.assign(source);
    }

    /** Parameters by {@code layer/parameter}, in the graph's order; views of the graph's own. */
    static Map<String, INDArray> parameters(ComputationGraph graph) {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            if (vertex.hasLayer()) {
                vertex.getLayer()
                        .paramTable(false)
                        .forEach(
                                (name, array) ->
                                        parameters.put(vertex.getVertexName() + "/" + name, array));
            }
        }
        return parameters;
    }

    /** Copies named parameters into a backbone, all of them or none. */
    static void fill(Backbone backbone, Map<String, INDArray> source) {
        Map<String, INDArray> target = backbone.parameters();
        List<String> problems = new ArrayList<>();
        target.forEach(
                (name, array) ->
                        Stream.of(
                                        mismatch(name, array, source.get(name)),
                                        notFinite(name, source.get(name)))
                                .flatMap(Optional::stream)
                                .forEach(problems::add));
        TreeSet<String> superfluous = new TreeSet<>(source.keySet());
        superfluous.removeAll(target.keySet());
        superfluous.forEach(name -> problems.add(name + " is superfluous"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "the parameters do not fit %s: %s"
                            .formatted(
                                    backbone.spec().architecture(), String.join("; ", problems)));
        }
        target.forEach((name, array) -> array.assign(source.get(name)));
    }

    /** ND4J's own assign accepts any shape. */
    private static Optional<String> mismatch(String name, INDArray target, INDArray source) {
        if (source == null) {
            return Optional.of(name + " is missing");
        }
        if (Arrays.equals(target.shape(), source.shape())
                && source.dataType() == target.dataType()) {
            return Optional.empty();
        }
        return Optional.of(
                "%s is %s %s, expected %s %s"
                        .formatted(
                                name,
                                source.dataType(),
                                Arrays.toString(source.shape()),
                                target.dataType(),
                                Arrays.toString(target.shape())));
    }

    private static Optional<String> notFinite(String name, INDArray source) {
        boolean finite =
                source == null
                        || !source.dataType().isFPType()
                        || (Double.isFinite(source.amaxNumber().doubleValue())
                                && !source.isNaN().any());
        return finite ? Optional.empty() : Optional.of(name + " holds a value that is not finite");
    }
}
