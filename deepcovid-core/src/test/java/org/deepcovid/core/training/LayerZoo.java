package org.deepcovid.core.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A small random network with every kind of layer that the library's networks have: convolutions
 * with and without stride, padding, bias and ReLU inside, batch normalisation with statistics of
 * its own, ReLU, zero padding, maximum and average pooling, joined and added branches.
 */
final class LayerZoo {

    static final int SIZE = 32;
    static final int FEATURES = 12;

    private LayerZoo() {}

    static Backbone random(long seed) {
        DeepCovidRuntime.initialise();
        BackboneSpec spec =
                new BackboneSpec(
                        "layer-zoo",
                        "test",
                        new BackboneSpec.Input(SIZE, Normalization.TORCH),
                        new BackboneSpec.Features(FEATURES, 4, "added"),
                        1e-3,
                        new BackboneSpec.Source("Apache-2.0", "none"));
        ComputationGraph graph = graph(seed);
        for (String norm : new String[] {"norm1", "norm2"}) {
            Map<String, INDArray> parameters = graph.getLayer(norm).paramTable(false);
            long channels = parameters.get("gamma").length();
            parameters.get("gamma").assign(Nd4j.rand(DataType.FLOAT, 1, channels).addi(0.5));
            parameters.get("beta").assign(Nd4j.rand(DataType.FLOAT, 1, channels).subi(0.3));
            parameters.get("mean").assign(Nd4j.rand(DataType.FLOAT, 1, channels).subi(0.5));
            parameters.get("var").assign(Nd4j.rand(DataType.FLOAT, 1, channels).addi(0.2));
        }
        return GraphBackbone.of(
                spec, new WeightsOrigin("random " + seed, "0".repeat(64), false), graph);
    }

    static Map<String, INDArray> copies(Backbone backbone) {
        Map<String, INDArray> copies = new LinkedHashMap<>();
        backbone.parameters().forEach((name, array) -> copies.put(name, array.dup()));
        return copies;
    }

    private static ComputationGraph graph(long seed) {
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .seed(seed)
                        .weightInit(WeightInit.RELU)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .graphBuilder()
                        .addInputs("image")
                        .addLayer("pad", new ZeroPaddingLayer(1, 1), "image")
                        .addLayer("conv1", conv(8, 3, 2, 0, false, Activation.IDENTITY), "pad")
                        .addLayer("norm1", norm(), "conv1")
                        .addLayer("relu1", relu(), "norm1")
                        .addLayer("maximum", pool(SubsamplingLayer.PoolingType.MAX, 3, 1), "relu1")
                        .addLayer("left", conv(6, 1, 1, 0, true, Activation.RELU), "maximum")
                        .addLayer("right", conv(6, 3, 1, 1, true, Activation.RELU), "maximum")
                        .addVertex("joined", new MergeVertex(), "left", "right")
                        .addLayer("average", pool(SubsamplingLayer.PoolingType.AVG, 2, 0), "joined")
                        .addLayer(
                                "conv2",
                                conv(FEATURES, 3, 1, 1, false, Activation.IDENTITY),
                                "average")
                        .addLayer("norm2", norm(), "conv2")
                        .addVertex(
                                "added",
                                new ElementWiseVertex(ElementWiseVertex.Op.Add),
                                "norm2",
                                "average")
                        .addLayer(
                                Backbone.FEATURES, new GlobalPoolingLayer(PoolingType.AVG), "added")
                        .setOutputs(Backbone.FEATURES)
                        .setInputTypes(InputType.convolutional(SIZE, SIZE, 3));
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static ConvolutionLayer conv(
            int channels, int kernel, int stride, int padding, boolean bias, Activation function) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .nOut(channels)
                .hasBias(bias)
                .activation(function)
                .build();
    }

    private static SubsamplingLayer pool(
            SubsamplingLayer.PoolingType type, int kernel, int padding) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(kernel, kernel)
                .stride(2, 2)
                .padding(padding, padding)
                .build();
    }

    private static BatchNormalization norm() {
        return new BatchNormalization.Builder().eps(1e-3).useLogStd(false).build();
    }

    private static ActivationLayer relu() {
        return new ActivationLayer.Builder().activation(Activation.RELU).build();
    }
}
