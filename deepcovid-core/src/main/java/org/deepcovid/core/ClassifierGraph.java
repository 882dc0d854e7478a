package org.deepcovid.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.LinearHead;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Copies a backbone and its head into one DL4J graph. */
final class ClassifierGraph {

    private static final String HEAD = "head";

    private ClassifierGraph() {}

    static ComputationGraph of(Backbone backbone, LinearHead head) {
        OutputLayer output =
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(head.features())
                        .nOut(head.classes())
                        .activation(Activation.SOFTMAX)
                        .build();
        TransferLearning.GraphBuilder builder = new TransferLearning.GraphBuilder(backbone.graph());
        beside(backbone.graph().getConfiguration()).forEach(builder::removeVertexAndConnections);
        ComputationGraph graph =
                builder.addLayer(HEAD, output, Backbone.FEATURES).setOutputs(HEAD).build();
        INDArray weights =
                Nd4j.create(head.weights(), new long[] {head.classes(), head.features()}, 'c');
        graph.getLayer(HEAD).setParam("W", weights.transpose());
        graph.getLayer(HEAD)
                .setParam("b", Nd4j.create(head.bias(), new long[] {1, head.classes()}, 'c'));
        return graph;
    }

    /** Vertices that the features do not depend on, such as a pre-training head. */
    private static Set<String> beside(ComputationGraphConfiguration configuration) {
        Set<String> others = new HashSet<>(configuration.getVertices().keySet());
        Deque<String> open = new ArrayDeque<>(List.of(Backbone.FEATURES));
        while (!open.isEmpty()) {
            String vertex = open.pop();
            if (others.remove(vertex)) {
                open.addAll(configuration.getVertexInputs().get(vertex));
            }
        }
        return others;
    }
}
