package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.GraphSurgery;
import org.deepcovid.core.training.TrainableLayers.FromLayer;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;
import org.deepcovid.core.training.TrainableLayers.LastStage;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Divides a backbone's vertices into a frozen and a trained part, without a pre-training head.
 *
 * @param trained vertices of the trained part, in the graph's order, pooled features last
 * @param boundary frozen vertices, or the graph's input, whose outputs the trained part reads
 */
record NetworkCut(List<String> trained, List<String> boundary) {

    NetworkCut {
        trained = List.copyOf(trained);
        boundary = List.copyOf(boundary);
    }

    /**
     * Finds the cut.
     *
     * @throws IllegalArgumentException if a layer is named that does not exist or has nothing to
     *     train from it on
     */
    static NetworkCut of(Backbone backbone, TrainableLayers layers) {
        if (layers instanceof LastStage stage) {
            return of(backbone, stage.in(backbone));
        }
        ComputationGraph graph = backbone.graph();
        ComputationGraphConfiguration configuration = graph.getConfiguration();
        Map<String, List<String>> inputs = configuration.getVertexInputs();
        Set<String> needed = GraphSurgery.withAncestors(configuration, List.of(Backbone.FEATURES));
        Set<String> frozen = new HashSet<>(configuration.getNetworkInputs());
        if (layers instanceof FromLayer from) {
            if (!needed.contains(from.layer()) || frozen.contains(from.layer())) {
                throw noSuchLayer(backbone, from);
            }
            frozen.addAll(GraphSurgery.withAncestors(configuration, inputs.get(from.layer())));
        } else if (layers instanceof HeadOnly) {
            frozen.addAll(needed);
        }
        List<String> trained = new ArrayList<>();
        Set<String> boundary = new LinkedHashSet<>();
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (needed.contains(name) && !frozen.contains(name)) {
                trained.add(name);
                inputs.get(name).stream().filter(frozen::contains).forEach(boundary::add);
            }
        }
        NetworkCut cut = new NetworkCut(trained, List.copyOf(boundary));
        if (cut.layersWithParameters(graph).isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no layer with weights from '%s' on in %s; expected one of %s"
                            .formatted(
                                    layers.describe(),
                                    backbone.spec().architecture(),
                                    layerNames(backbone)));
        }
        return cut;
    }

    /** The first layer of the last convolution's stage; the last layer without convolutions. */
    static String lastStage(Backbone backbone) {
        List<String> names = layerNames(backbone);
        String last = names.get(names.size() - 1);
        for (String name : names) {
            if (backbone.graph().getLayer(name).conf().getLayer() instanceof ConvolutionLayer) {
                last = name;
            }
        }
        String stage = stage(last);
        return names.stream().filter(name -> stage(name).equals(stage)).findFirst().orElseThrow();
    }

    private static String stage(String layer) {
        return layer.split("\\.", 2)[0];
    }

    /** Names of the trained layers that have parameters, in the graph's order. */
    List<String> layersWithParameters(ComputationGraph graph) {
        return trained.stream().filter(name -> hasParameters(graph, name)).toList();
    }

    private static boolean hasParameters(ComputationGraph graph, String vertex) {
        return graph.getVertex(vertex).hasLayer() && graph.getLayer(vertex).numParams() > 0;
    }

    private static IllegalArgumentException noSuchLayer(Backbone backbone, FromLayer from) {
        return new IllegalArgumentException(
                "%s has no layer '%s' to train from; expected one of %s"
                        .formatted(
                                backbone.spec().architecture(),
                                from.layer(),
                                layerNames(backbone)));
    }

    /** Names of the layers with parameters before the pooled features, in the graph's order. */
    static List<String> layerNames(Backbone backbone) {
        Set<String> needed =
                GraphSurgery.withAncestors(
                        backbone.graph().getConfiguration(), List.of(Backbone.FEATURES));
        List<String> names = new ArrayList<>();
        for (int index : backbone.graph().topologicalSortOrder()) {
            String name = backbone.graph().getVertices()[index].getVertexName();
            if (needed.contains(name) && hasParameters(backbone.graph(), name)) {
                names.add(name);
            }
        }
        return names;
    }
}
