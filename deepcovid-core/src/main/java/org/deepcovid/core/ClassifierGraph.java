package org.deepcovid.core;

import java.util.List;
import java.util.Map;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneProvider;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphSurgery;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.model.WeightsOrigin;
import org.deeplearning4j.exception.DL4JException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Restores a backbone, and copies it and its head into one DL4J graph. */
final class ClassifierGraph {

    private static final String HEAD = "head";

    private ClassifierGraph() {}

    /**
     * The backbone of a saved classifier. Here, so that loading a classifier that needs no graph
     * loads no class of DL4J.
     *
     * @throws IllegalArgumentException if no such network can be built
     */
    static Backbone restore(
            BackboneProvider provider,
            BackboneSpec spec,
            Map<String, INDArray> parameters,
            WeightsOrigin origin) {
        try {
            return provider.restore(spec, parameters, origin);
        } catch (DL4JException e) { // such as an input smaller than a layer's window
            throw new IllegalArgumentException("its network cannot be built: " + e.getMessage(), e);
        }
    }

    static ComputationGraph of(Backbone backbone, LinearHead head) {
        OutputLayer output =
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(head.features())
                        .nOut(head.classes())
                        .activation(Activation.SOFTMAX)
                        .build();
        ComputationGraph trunk = backbone.graph();
        ComputationGraphConfiguration configuration =
                GraphSurgery.part(
                        trunk,
                        GraphSurgery.withAncestors(
                                trunk.getConfiguration(), List.of(Backbone.FEATURES)),
                        List.of(HEAD));
        GraphSurgery.append(
                configuration,
                HEAD,
                new NeuralNetConfiguration.Builder().layer(output).build(),
                Backbone.FEATURES);
        ComputationGraph graph = GraphSurgery.initialised(configuration, trunk);
        INDArray weights =
                Nd4j.create(head.weights(), new long[] {head.classes(), head.features()}, 'c');
        graph.getLayer(HEAD).setParam("W", weights.transpose());
        graph.getLayer(HEAD)
                .setParam("b", Nd4j.create(head.bias(), new long[] {1, head.classes()}, 'c'));
        return graph;
    }
}
