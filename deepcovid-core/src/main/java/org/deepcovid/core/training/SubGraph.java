package org.deepcovid.core.training;

import java.util.List;
import java.util.Set;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Copies of the lower part of a backbone, with its parameters. */
final class SubGraph {

    private SubGraph() {}

    /** A graph that gives the outputs of some vertices, in their order. */
    static ComputationGraph of(Backbone backbone, List<String> outputs) {
        ComputationGraphConfiguration configuration = ancestors(backbone, outputs);
        configuration.setNetworkOutputs(outputs);
        configuration.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        return initialised(backbone, configuration);
    }

    /** A backbone whose last feature map is a given vertex, of given channels and side. */
    static Backbone upTo(Backbone backbone, String last, int channels, int side) {
        ComputationGraphConfiguration configuration = ancestors(backbone, List.of(last));
        NeuralNetConfiguration pooling =
                new NeuralNetConfiguration.Builder()
                        .layer(new GlobalPoolingLayer(PoolingType.AVG))
                        .build();
        pooling.getLayer().setLayerName(Backbone.FEATURES);
        configuration.getVertices().put(Backbone.FEATURES, new LayerVertex(pooling, null));
        configuration.getVertexInputs().put(Backbone.FEATURES, List.of(last));
        configuration.setNetworkOutputs(List.of(Backbone.FEATURES));
        BackboneSpec spec = backbone.spec();
        BackboneSpec upToCut =
                new BackboneSpec(
                        spec.architecture() + " up to " + last,
                        spec.flavour(),
                        spec.inputSize(),
                        spec.normalization(),
                        channels,
                        side,
                        last,
                        spec.batchNormEpsilon(),
                        spec.licence(),
                        spec.paper());
        return GraphBackbone.of(upToCut, backbone.origin(), initialised(backbone, configuration));
    }

    private static ComputationGraphConfiguration ancestors(
            Backbone backbone, List<String> outputs) {
        ComputationGraphConfiguration configuration = backbone.graph().getConfiguration().clone();
        Set<String> needed = NetworkCut.withAncestors(configuration.getVertexInputs(), outputs);
        configuration.getVertices().keySet().retainAll(needed);
        configuration.getVertexInputs().keySet().retainAll(needed);
        configuration.setTopologicalOrder(null);
        configuration.setTopologicalOrderStr(null);
        return configuration;
    }

    private static ComputationGraph initialised(
            Backbone backbone, ComputationGraphConfiguration configuration) {
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        TrainableNetwork.copy(
                backbone.graph(), graph, List.copyOf(configuration.getVertices().keySet()));
        return graph;
    }
}
