package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.core.inference.NetworkOutput.FEATURES;
import static org.deepcovid.core.inference.NetworkOutput.FEATURE_MAP;
import static org.deepcovid.core.inference.NetworkOutput.LOGITS;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.testing.TestGraphs;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/** Both engines on small graphs, one per kind of node and per way to declare it. */
class EngineAgreementTest {

    private static final int SIZE = 13;

    static Stream<Arguments> trunks() {
        return Stream.of(
                trunk("padded, strided convolution", conv(5)),
                trunk(
                        "oblong kernels, strides and paddings",
                        oblong(3, 2, 1, 2, 1, 0),
                        oblong(2, 3, 2, 1, 0, 1)),
                trunk(
                        "dilated convolution without bias, with ReLU",
                        new ConvolutionLayer.Builder(3, 3)
                                .dilation(2, 2)
                                .padding(1, 1)
                                .hasBias(false)
                                .activation(Activation.RELU)
                                .nOut(4)
                                .build()),
                trunk(
                        "convolution in mode Same, odd padding below and to the right",
                        new ConvolutionLayer.Builder(4, 4)
                                .stride(2, 2)
                                .convolutionMode(ConvolutionMode.Same)
                                .nOut(4)
                                .build()),
                trunk("batch norm folded into a convolution with bias", conv(5), norm(), relu()),
                trunk("batch norm folded into a convolution without bias", withoutBias(), norm()),
                trunk("batch norm that stores the logarithm of the deviation", conv(5), logNorm()),
                trunk("batch norm after a ReLU, not foldable", convRelu(5), norm()),
                trunk(
                        "batch norm of a convolution that others take too",
                        g ->
                                g.addLayer("conv", conv(5), "images")
                                        .addLayer("norm", norm(), "conv")
                                        .addVertex("map", sum(), "norm", "conv")),
                trunk(
                        "batch norm after a concatenation",
                        g ->
                                g.addLayer("one", conv(3), "images")
                                        .addLayer("two", convRelu(4), "images")
                                        .addVertex("both", new MergeVertex(), "one", "two")
                                        .addLayer("norm", norm(), "both")
                                        .addLayer("relu", relu(), "norm")
                                        .addLayer("map", conv(2), "relu")),
                trunk(
                        "residual sum of three",
                        g ->
                                g.addLayer("one", conv(3), "images")
                                        .addLayer("two", convRelu(3), "images")
                                        .addLayer("norm", norm(), "one")
                                        .addVertex("sum", sum(), "norm", "two", "two")
                                        .addLayer("map", relu(), "sum")),
                trunk(
                        "padded max pooling of negative values",
                        norm(),
                        pooling(PoolingType.MAX).padding(1, 1).build()),
                trunk(
                        "average pooling, padding outside the divisor",
                        average().padding(1, 1).build()),
                trunk(
                        "average pooling, padding inside the divisor",
                        average().padding(1, 1).avgPoolIncludePadInDivisor(true).build()),
                trunk(
                        "average pooling in mode Same",
                        average().convolutionMode(ConvolutionMode.Same).build()),
                trunk(
                        "unequal zero padding",
                        new ZeroPaddingLayer.Builder(0, 1, 2, 3).build(),
                        conv(3),
                        oblong(1, 3, 1, 1, 0, 0)),
                trunk(
                        "frozen and dropped-out layers",
                        new FrozenLayer(conv(4)),
                        new DropoutLayer(0.5),
                        new ActivationLayer(Activation.IDENTITY)),
                trunk(
                        "a vertex named like an output of the model",
                        g ->
                                g.addLayer("feature_map", convRelu(4), "images")
                                        .addLayer("map", conv(3), "feature_map")));
    }

    private static Arguments trunk(String name, Consumer<GraphBuilder> trunk) {
        return Arguments.of(name, trunk);
    }

    /** Layers, each of which takes the one before. */
    private static Arguments trunk(String name, Layer... layers) {
        return trunk(
                name,
                g -> {
                    String last = "images";
                    for (int i = 0; i < layers.length; i++) {
                        String next = i == layers.length - 1 ? "map" : "layer" + i;
                        g.addLayer(next, layers[i], last);
                        last = next;
                    }
                });
    }

    private static ConvolutionLayer withoutBias() {
        return new ConvolutionLayer.Builder(3, 3).hasBias(false).nOut(5).build();
    }

    private static BatchNormalization logNorm() {
        return new BatchNormalization.Builder().useLogStd(true).build();
    }

    private static ConvolutionLayer conv(int channels) {
        return new ConvolutionLayer.Builder(3, 3).stride(2, 2).padding(1, 1).nOut(channels).build();
    }

    private static ConvolutionLayer oblong(
            int height, int width, int down, int right, int rows, int columns) {
        return new ConvolutionLayer.Builder(height, width)
                .stride(down, right)
                .padding(rows, columns)
                .nOut(4)
                .build();
    }

    private static ConvolutionLayer convRelu(int channels) {
        ConvolutionLayer layer = conv(channels);
        layer.setActivationFn(Activation.RELU.getActivationFunction());
        return layer;
    }

    private static BatchNormalization norm() {
        return new BatchNormalization.Builder().useLogStd(false).eps(1e-3).build();
    }

    private static ActivationLayer relu() {
        return new ActivationLayer(Activation.RELU);
    }

    private static ElementWiseVertex sum() {
        return new ElementWiseVertex(ElementWiseVertex.Op.Add);
    }

    private static SubsamplingLayer.Builder average() {
        return pooling(PoolingType.AVG);
    }

    private static SubsamplingLayer.Builder pooling(PoolingType type) {
        return new SubsamplingLayer.Builder(type).kernelSize(3, 3).stride(2, 2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trunks")
    void enginesAgree(String name, Consumer<GraphBuilder> trunk) {
        DenseLayer hidden = new DenseLayer.Builder().nOut(6).activation(Activation.RELU).build();
        DenseLayer logits = new DenseLayer.Builder().nOut(2).hasBias(false).build();
        Consumer<GraphBuilder> head =
                g -> g.addLayer("hidden", hidden, "features").addLayer("logits", logits, "hidden");
        ComputationGraph graph = TestGraphs.graph(SIZE, trunk.andThen(head), "logits");
        FloatBuffer images = FloatBuffer.wrap(TestGraphs.images(3, SIZE, 1));
        Set<NetworkOutput> all = Set.of(FEATURE_MAP, FEATURES, LOGITS);
        try (Backbone backbone = TestGraphs.backbone(graph, SIZE);
                InferenceEngine reference = InferenceEngine.graph(backbone);
                InferenceEngine compiled = InferenceEngine.compiled(backbone)) {
            Map<NetworkOutput, FloatTensor> expected = reference.run(images, all);
            Map<NetworkOutput, FloatTensor> found = compiled.run(images, all);

            assertThat(found.keySet()).isEqualTo(all).isEqualTo(expected.keySet());
            expected.forEach((output, tensor) -> assertClose(found.get(output), tensor));
            assertClose(compiled.features(images), expected.get(FEATURES));
        }
    }

    private static void assertClose(FloatTensor found, FloatTensor expected) {
        assertThat(found.shape()).isEqualTo(expected.shape());
        boolean varies = false;
        for (int i = 0; i < expected.values().remaining(); i++) {
            assertThat(found.values().get(i)).isCloseTo(expected.values().get(i), within(2e-5f));
            varies |= expected.values().get(i) != expected.values().get(0);
        }
        assertThat(varies).isTrue();
    }
}
