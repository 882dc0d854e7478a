package org.deepcovid.testing;

import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

/**
 * One random convolution with ReLU and global average pooling: a whole backbone in a millisecond.
 */
public final class TinyBackbone {

    /** As a saved classifier names it. */
    public static final String ARCHITECTURE = "tiny-test-network";

    /** Height and width of its input. */
    public static final int SIZE = 48;

    /** Number of its features. */
    public static final int FEATURES = 12;

    private TinyBackbone() {}

    /** What it promises. */
    public static BackboneSpec spec() {
        return new BackboneSpec(
                ARCHITECTURE,
                "test",
                new BackboneSpec.Input(SIZE, Normalization.TORCH),
                new BackboneSpec.Features(FEATURES, SIZE / 4, "relu"),
                0,
                new BackboneSpec.Source("Apache-2.0", "none"));
    }

    /** Random weights; the same seed gives the same network. */
    public static Backbone random(long seed) {
        return GraphBackbone.of(
                spec(), new WeightsOrigin("random " + seed, "0".repeat(64), false), graph(seed));
    }

    static ComputationGraph graph(long seed) {
        DeepCovidRuntime.initialise();
        ComputationGraph graph =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .seed(seed)
                                .graphBuilder()
                                .addInputs("image")
                                .addLayer(
                                        "conv",
                                        new ConvolutionLayer.Builder(5, 5)
                                                .stride(4, 4)
                                                .padding(2, 2)
                                                .convolutionMode(ConvolutionMode.Truncate)
                                                .nOut(FEATURES)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        "image")
                                .addLayer(
                                        "relu",
                                        new ActivationLayer.Builder()
                                                .activation(Activation.RELU)
                                                .build(),
                                        "conv")
                                .addLayer(
                                        Backbone.FEATURES,
                                        new GlobalPoolingLayer(PoolingType.AVG),
                                        "relu")
                                .setOutputs(Backbone.FEATURES)
                                .setInputTypes(InputType.convolutional(SIZE, SIZE, 3))
                                .build());
        graph.init();
        return graph;
    }
}
