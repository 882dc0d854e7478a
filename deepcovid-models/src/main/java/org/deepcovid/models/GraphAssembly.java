package org.deepcovid.models;

import org.deepcovid.core.model.Backbone;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;

/**
 * Builds the graph of one network, NCHW. Every method adds one vertex and returns its name, which
 * is an input of later ones. Activations and padding are always set: DL4J's defaults are a sigmoid
 * and no padding.
 */
final class GraphAssembly {

    /** Name of the input. */
    static final String IMAGES = "images";

    private final GraphBuilder builder;
    private final double epsilon;
    private final double decay;

    /**
     * @param decay weight of the old running statistics in a training step
     */
    GraphAssembly(int inputSize, double epsilon, double decay, WeightInit init, long seed) {
        this.epsilon = epsilon;
        this.decay = decay;
        this.builder =
                new NeuralNetConfiguration.Builder()
                        .seed(seed)
                        .weightInit(init)
                        .activation(Activation.IDENTITY)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .graphBuilder()
                        .addInputs(IMAGES)
                        .setInputTypes(InputType.convolutional(inputSize, inputSize, 3));
    }

    /** Shape of a convolution: square kernel, stride and zero padding, with or without bias. */
    record Conv(int channels, int kernel, int stride, int padding, boolean bias) {}

    String conv(String name, Conv shape, String input) {
        return conv(name, shape, Activation.IDENTITY, input);
    }

    /** A convolution with ReLU, for networks without batch normalisation. */
    String convRelu(String name, Conv shape, String input) {
        return conv(name, shape, Activation.RELU, input);
    }

    private String conv(String name, Conv shape, Activation activation, String input) {
        return layer(
                name,
                new ConvolutionLayer.Builder(shape.kernel(), shape.kernel())
                        .stride(shape.stride(), shape.stride())
                        .padding(shape.padding(), shape.padding())
                        .nOut(shape.channels())
                        .hasBias(shape.bias())
                        .activation(activation)
                        .build(),
                input);
    }

    String batchNorm(String name, String input) {
        return layer(
                name,
                new BatchNormalization.Builder().eps(epsilon).decay(decay).useLogStd(false).build(),
                input);
    }

    String relu(String name, String input) {
        return layer(
                name, new ActivationLayer.Builder().activation(Activation.RELU).build(), input);
    }

    String maxPool(String name, int kernel, int stride, int padding, String input) {
        return layer(
                name,
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(kernel, kernel)
                        .stride(stride, stride)
                        .padding(padding, padding)
                        .build(),
                input);
    }

    String averagePool(String name, int kernel, int stride, String input) {
        return layer(
                name,
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(kernel, kernel)
                        .stride(stride, stride)
                        .build(),
                input);
    }

    String add(String name, String one, String other) {
        builder.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), one, other);
        return name;
    }

    /** Joins channels in the given order. */
    String concat(String name, String... inputs) {
        builder.addVertex(name, new MergeVertex(), inputs);
        return name;
    }

    String globalAverage(String name, String input) {
        return layer(name, new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), input);
    }

    String dense(String name, int outputs, String input) {
        return layer(
                name,
                new DenseLayer.Builder().nOut(outputs).activation(Activation.IDENTITY).build(),
                input);
    }

    private String layer(String name, Layer layer, String input) {
        builder.addLayer(name, layer, input);
        return name;
    }

    /** Adds the pooled features, after the last feature map and before a head. */
    String features(String map) {
        return globalAverage(Backbone.FEATURES, map);
    }

    ComputationGraphConfiguration finish(String... outputs) {
        return builder.setOutputs(outputs).build();
    }
}
