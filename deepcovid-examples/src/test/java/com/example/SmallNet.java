// region all
package com.example;

import java.util.Map;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneProvider;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Two convolutions. */
public final class SmallNet implements BackboneProvider {

    private static final BackboneSpec SPEC =
            new BackboneSpec(
                    "small-net", // name in saved classifiers
                    "example", // variant, if there are several
                    new BackboneSpec.Input(64, Normalization.TORCH), // height and width; scaling
                    new BackboneSpec.Features(32, 16, "map"), // channels, size, vertex
                    1e-5, // epsilon of batch normalisation, 0 for none
                    new BackboneSpec.Source("Apache-2.0", "none")); // licence, paper

    @Override
    public String architecture() {
        return SPEC.architecture();
    }

    /** A network with random weights. */
    public static Backbone random(long seed) {
        DeepCovidRuntime.initialise(); // before anything of ND4J
        return GraphBackbone.of(
                SPEC, new WeightsOrigin("random", "0".repeat(64), false), graph(seed));
    }

    @Override
    public Backbone restore(
            BackboneSpec spec, Map<String, INDArray> parameters, WeightsOrigin origin) {
        DeepCovidRuntime.initialise();
        return GraphBackbone.of(spec, origin, graph(0), parameters);
    }

    private static ComputationGraph graph(long seed) {
        ComputationGraphConfiguration.GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .seed(seed)
                        .weightInit(WeightInit.RELU)
                        .graphBuilder()
                        .addInputs("images")
                        .setInputTypes(InputType.convolutional(64, 64, 3)); // channels first
        block(builder, "first", "images", 16);
        block(builder, "map", "first", 32);
        builder.addLayer(Backbone.FEATURES, new GlobalPoolingLayer(PoolingType.AVG), "map")
                .setOutputs(Backbone.FEATURES);
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static void block(
            ComputationGraphConfiguration.GraphBuilder builder,
            String name,
            String input,
            int channels) {
        builder.addLayer(
                        name + "-conv",
                        new ConvolutionLayer.Builder(3, 3)
                                .stride(2, 2)
                                .convolutionMode(ConvolutionMode.Same)
                                .nOut(channels)
                                .hasBias(false)
                                .activation(Activation.IDENTITY)
                                .build(),
                        input)
                .addLayer(
                        name + "-norm",
                        new BatchNormalization.Builder().eps(1e-5).useLogStd(false).build(),
                        name + "-conv")
                .addLayer(name, new ActivationLayer(Activation.RELU), name + "-norm");
    }
}
// endregion
