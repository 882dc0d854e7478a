package org.deepcovid.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;

/** Describes a network of this library as Keras 2 describes a functional model, channels last. */
final class KerasModelJson {

    private final ComputationGraphConfiguration graph;
    private final UnaryOperator<String> names;
    private final List<Map<String, Object>> layers = new ArrayList<>();

    private KerasModelJson(ComputationGraph graph, UnaryOperator<String> names) {
        this.graph = graph.getConfiguration();
        this.names = names;
    }

    /** The part of a graph that leads to one output. */
    static String of(
            ComputationGraph graph, String output, int inputSize, UnaryOperator<String> names)
            throws JsonProcessingException {
        KerasModelJson json = new KerasModelJson(graph, names);
        String input = json.graph.getNetworkInputs().get(0);
        json.add(
                "InputLayer",
                input,
                Map.of("batch_input_shape", shape(inputSize), "dtype", "float32"),
                List.of());
        Set<String> needed = new HashSet<>();
        json.collect(output, needed);
        for (String vertex : json.graph.getTopologicalOrderStr()) {
            if (needed.contains(vertex) && !vertex.equals(input)) {
                json.add(vertex);
            }
        }
        Map<String, Object> config = new TreeMap<>();
        config.put("name", "network");
        config.put("layers", json.layers);
        config.put("input_layers", List.of(List.of(names.apply(input), 0, 0)));
        config.put("output_layers", List.of(List.of(names.apply(output), 0, 0)));
        return new ObjectMapper()
                .writeValueAsString(
                        Map.of(
                                "class_name", "Model",
                                "config", config,
                                "keras_version", "2.2.4",
                                "backend", "tensorflow"));
    }

    private static List<Integer> shape(int size) {
        List<Integer> shape = new ArrayList<>(List.of(size, size, 3));
        shape.add(0, null);
        return shape;
    }

    private void collect(String vertex, Set<String> needed) {
        if (needed.add(vertex)) {
            graph.getVertexInputs()
                    .getOrDefault(vertex, List.of())
                    .forEach(input -> collect(input, needed));
        }
    }

    private void add(String name) {
        GraphVertex vertex = graph.getVertices().get(name);
        List<String> inputs = graph.getVertexInputs().get(name);
        if (vertex instanceof LayerVertex layer) {
            addLayer(name, layer.getLayerConf().getLayer(), inputs.get(0));
        } else if (vertex instanceof MergeVertex) {
            add("Concatenate", name, Map.of("axis", 3), inputs);
        } else {
            add("Add", name, Map.of(), inputs);
        }
    }

    private void addLayer(String name, Layer layer, String input) {
        if (layer instanceof BatchNormalization norm) {
            add("BatchNormalization", name, batchNorm(norm), List.of(input));
        } else if (layer instanceof ConvolutionLayer conv) {
            String padded = padded(name, conv.getPadding(), input);
            add("Conv2D", name, convolution(conv), List.of(padded));
        } else if (layer instanceof SubsamplingLayer pool) {
            String padded = padded(name, pool.getPadding(), input);
            boolean max = pool.getPoolingType() == PoolingType.MAX;
            add(max ? "MaxPooling2D" : "AveragePooling2D", name, pooling(pool), List.of(padded));
        } else if (layer instanceof GlobalPoolingLayer) {
            add("GlobalAveragePooling2D", name, CHANNELS_LAST, List.of(input));
        } else if (layer instanceof ActivationLayer activation) {
            String function = activation(activation.getActivationFn());
            add("Activation", name, Map.of("activation", function), List.of(input));
        } else {
            DenseLayer dense = (DenseLayer) layer;
            Map<String, Object> config = weighted(dense.getActivationFn(), dense.hasBias());
            config.put("units", dense.getNOut());
            add("Dense", name, config, List.of(input));
        }
    }

    private static final Map<String, Object> CHANNELS_LAST = Map.of("data_format", "channels_last");

    private String padded(String name, int[] padding, String input) {
        if (padding[0] == 0) {
            return input;
        }
        String pad = name + "_pad";
        List<Integer> sides = List.of(padding[0], padding[0]);
        Map<String, Object> config = new TreeMap<>(CHANNELS_LAST);
        config.put("padding", List.of(sides, sides));
        add("ZeroPadding2D", pad, config, List.of(input));
        return pad;
    }

    private static Map<String, Object> convolution(ConvolutionLayer conv) {
        Map<String, Object> config = weighted(conv.getActivationFn(), conv.hasBias());
        config.putAll(CHANNELS_LAST);
        config.put("filters", conv.getNOut());
        config.put("kernel_size", conv.getKernelSize());
        config.put("strides", conv.getStride());
        config.put("dilation_rate", List.of(1, 1));
        config.put("padding", "valid");
        return config;
    }

    private static Map<String, Object> pooling(SubsamplingLayer pool) {
        Map<String, Object> config = new TreeMap<>(CHANNELS_LAST);
        config.put("pool_size", pool.getKernelSize());
        config.put("strides", pool.getStride());
        config.put("padding", "valid");
        return config;
    }

    private static Map<String, Object> batchNorm(BatchNormalization norm) {
        Map<String, Object> config = new TreeMap<>();
        config.put("axis", List.of(3));
        config.put("momentum", norm.getDecay());
        config.put("epsilon", norm.getEps());
        config.put("center", true);
        config.put("scale", true);
        for (String part : List.of("beta", "gamma", "moving_mean", "moving_variance")) {
            config.put(part + "_initializer", ZEROS);
        }
        return config;
    }

    private static final Map<String, Object> ZEROS =
            Map.of("class_name", "Zeros", "config", Map.of());

    private static Map<String, Object> weighted(IActivation activation, boolean bias) {
        Map<String, Object> config = new TreeMap<>();
        config.put("activation", activation(activation));
        config.put("use_bias", bias);
        config.put("kernel_initializer", ZEROS);
        config.put("bias_initializer", ZEROS);
        return config;
    }

    private static String activation(IActivation activation) {
        String name = activation.toString().toLowerCase(Locale.ROOT);
        return name.equals("identity") ? "linear" : name;
    }

    private void add(String kind, String vertex, Map<String, Object> config, List<String> inputs) {
        String name = names.apply(vertex);
        Map<String, Object> named = new TreeMap<>(config);
        named.put("name", name);
        named.put("trainable", true);
        List<List<Object>> node =
                inputs.stream()
                        .map(input -> List.<Object>of(names.apply(input), 0, 0, Map.of()))
                        .toList();
        layers.add(
                Map.of(
                        "class_name", kind,
                        "name", name,
                        "config", named,
                        "inbound_nodes", node.isEmpty() ? List.of() : List.of(node)));
    }
}
