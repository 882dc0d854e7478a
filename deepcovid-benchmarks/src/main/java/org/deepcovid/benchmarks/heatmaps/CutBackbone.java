package org.deepcovid.benchmarks.heatmaps;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The lower part of a network with pooled features of its own. Its map has more cells, and each of
 * them sees less of the image: what a head over it uses can be found again more exactly.
 */
final class CutBackbone {

    private CutBackbone() {}

    /**
     * Copies a network up to a layer.
     *
     * @param full stays open and unchanged
     * @param layer name of a vertex that gives feature maps
     * @return a backbone of its own, without pre-training head; to be closed
     * @throws IllegalArgumentException if there is no such layer, or it gives no feature maps
     */
    static Backbone upTo(Backbone full, String layer) {
        ComputationGraphConfiguration configuration = full.graph().getConfiguration().clone();
        InputType.InputTypeConvolutional map = mapOf(full, configuration, layer);
        GraphVertex pooling = configuration.getVertices().get(Backbone.FEATURES);
        Set<String> needed = needed(configuration, layer);
        configuration.getVertices().keySet().retainAll(needed);
        configuration.getVertexInputs().keySet().retainAll(needed);
        configuration.getVertices().put(Backbone.FEATURES, pooling);
        configuration.getVertexInputs().put(Backbone.FEATURES, List.of(layer));
        configuration.setNetworkOutputs(List.of(Backbone.FEATURES));
        configuration.setTopologicalOrder(null);
        configuration.setTopologicalOrderStr(null);
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        BackboneSpec spec = spec(full.spec(), layer, map);
        Backbone cut = GraphBackbone.of(spec, full.origin(), graph);
        Map<String, INDArray> from = full.parameters();
        cut.parameters().forEach((name, values) -> assign(name, from.get(name), values));
        return cut;
    }

    /** ND4J's own assign takes any shape without a word. */
    private static void assign(String name, INDArray from, INDArray to) {
        if (!Arrays.equals(from.shape(), to.shape())) {
            throw new IllegalStateException(
                    "parameter %s has shape %s in the copy; expected %s"
                            .formatted(
                                    name,
                                    Arrays.toString(to.shape()),
                                    Arrays.toString(from.shape())));
        }
        to.assign(from);
    }

    private static InputType.InputTypeConvolutional mapOf(
            Backbone full, ComputationGraphConfiguration configuration, String layer) {
        int size = full.spec().inputSize();
        InputType type =
                configuration
                        .getLayerActivationTypes(false, InputType.convolutional(size, size, 3))
                        .get(layer);
        if (type instanceof InputType.InputTypeConvolutional map) {
            return map;
        }
        throw new IllegalArgumentException(
                "layer '%s' of %s gives %s; expected a layer with feature maps, one of %s"
                        .formatted(
                                layer,
                                full.spec().architecture(),
                                type == null ? "nothing, it does not exist" : type,
                                configuration.getVertices().keySet()));
    }

    private static Set<String> needed(ComputationGraphConfiguration configuration, String layer) {
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(layer));
        while (!open.isEmpty()) {
            String vertex = open.pop();
            if (needed.add(vertex)) {
                open.addAll(configuration.getVertexInputs().getOrDefault(vertex, List.of()));
            }
        }
        return needed;
    }

    private static BackboneSpec spec(
            BackboneSpec full, String layer, InputType.InputTypeConvolutional map) {
        return new BackboneSpec(
                full.architecture() + " up to " + layer,
                full.flavour(),
                full.inputSize(),
                full.normalization(),
                (int) map.getChannels(),
                (int) map.getHeight(),
                layer,
                full.batchNormEpsilon(),
                full.licence(),
                full.paper());
    }
}
