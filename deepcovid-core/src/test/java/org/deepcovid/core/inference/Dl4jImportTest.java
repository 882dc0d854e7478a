package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.core.inference.NetworkOutput.FEATURES;
import static org.deepcovid.core.inference.NetworkOutput.FEATURE_MAP;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deepcovid.testing.TestGraphs;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

class Dl4jImportTest {

    private static final int SIZE = 9;

    private static ComputationGraph graph(Consumer<GraphBuilder> vertices) {
        return TestGraphs.graph(InputType.convolutional(SIZE, SIZE, 3), vertices);
    }

    private static NetworkPlan plan(ComputationGraph graph, NetworkOutput output, String vertex) {
        return Dl4jImport.plan(graph, ActivationShape.map(3, SIZE, SIZE), Map.of(output, vertex));
    }

    private static void assertUnsupported(
            ComputationGraph graph, NetworkOutput output, String... parts) {
        assertFails(UnsupportedLayerException.class, () -> plan(graph, output, "odd"), parts);
    }

    /** A graph of one layer, named "odd". */
    private static ComputationGraph odd(Layer layer) {
        return graph(g -> g.addLayer("odd", layer, "images").setOutputs("odd"));
    }

    /** A subclass may compute anything. */
    private static final class OtherRelu extends ActivationLayer {

        private static final long serialVersionUID = 1L;

        OtherRelu() {
            super(Activation.RELU);
        }
    }

    static Stream<Arguments> unsupportedLayers() {
        return Stream.of(
                Arguments.of(
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(2)
                                .activation(Activation.ELU)
                                .build(),
                        "activation elu"),
                Arguments.of(
                        new ActivationLayer(new ActivationReLU(6.0, 0.0, 0.0)),
                        "identity and plain ReLU can"),
                Arguments.of(new ActivationLayer(Activation.RELU6), "identity and plain ReLU can"),
                Arguments.of(new OtherRelu(), "OtherRelu cannot be compiled"),
                Arguments.of(
                        new DepthwiseConvolution2D.Builder(3, 3).build(),
                        "DepthwiseConvolution2D cannot be compiled"),
                Arguments.of(
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.SUM).build(),
                        "SUM pooling"),
                Arguments.of(
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.PNORM)
                                .pnorm(2)
                                .build(),
                        "PNORM pooling"),
                Arguments.of(
                        new BatchNormalization.Builder().lockGammaBeta(true).build(),
                        "lockGammaBeta"));
    }

    @ParameterizedTest
    @MethodSource("unsupportedLayers")
    void layersThatCannotBeExpressedAreNamed(Layer layer, String reason) {
        assertUnsupported(odd(layer), FEATURE_MAP, "layer 'odd': ", reason);
    }

    @Test
    void verticesThatCannotBeExpressedAreNamed() {
        ComputationGraph scaled =
                graph(g -> g.addVertex("odd", new ScaleVertex(2), "images").setOutputs("odd"));
        assertUnsupported(scaled, FEATURE_MAP, "layer 'odd': vertex", "ScaleVertex");
        ElementWiseVertex multiply = new ElementWiseVertex(ElementWiseVertex.Op.Product);
        ComputationGraph product =
                graph(g -> g.addVertex("odd", multiply, "images", "images").setOutputs("odd"));
        assertUnsupported(product, FEATURE_MAP, "layer 'odd': vertex");
    }

    @Test
    void otherPoolingsAndPreprocessorsAreNamed() {
        ComputationGraph largest = odd(new GlobalPoolingLayer(PoolingType.MAX));
        assertUnsupported(largest, FEATURES, "layer 'odd': global pooling");
        ComputationGraph flat = odd(dense().build());
        assertUnsupported(flat, FEATURES, "layer 'odd': preprocessor", "CnnToFeedForward");
        ComputationGraph normed =
                graph(
                        g ->
                                g.addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "images")
                                        .addLayer("odd", dense().hasLayerNorm(true).build(), "p")
                                        .setOutputs("odd"));
        assertUnsupported(normed, FEATURES, "layer 'odd': a dense layer with layer normalisation");
    }

    private static DenseLayer.Builder dense() {
        return new DenseLayer.Builder().nOut(2).activation(Activation.IDENTITY);
    }

    @Test
    void otherLayoutsAreRefused() {
        ConvolutionLayer conv =
                new ConvolutionLayer.Builder(3, 3).nOut(2).dataFormat(CNN2DFormat.NHWC).build();
        ComputationGraph graph =
                TestGraphs.graph(
                        InputType.convolutional(SIZE, SIZE, 3, CNN2DFormat.NHWC),
                        g -> g.addLayer("odd", conv, "images").setOutputs("odd"));
        assertUnsupported(graph, FEATURE_MAP, "layer 'odd': layout NHWC");
    }

    @Test
    void layersThatNoOutputNeedsAreIgnored() {
        ActivationLayer relu = new ActivationLayer(Activation.RELU);
        ActivationLayer elu = new ActivationLayer(Activation.ELU);
        ComputationGraph graph =
                graph(
                        g ->
                                g.addLayer("relu", relu, "images")
                                        .addLayer("odd", elu, "relu")
                                        .setOutputs("odd"));
        NetworkPlan plan = plan(graph, FEATURE_MAP, "relu");
        assertThat(plan.nodes()).extracting(PlanNode::name).containsExactly("relu");
        assertThat(plan.input()).isEqualTo("images");
    }

    @Test
    void rejectsImagesThatDoNotFitAndUnknownVertices() {
        ConvolutionLayer conv = new ConvolutionLayer.Builder(9, 9).nOut(2).build();
        ComputationGraph graph = graph(g -> g.addLayer("conv", conv, "images").setOutputs("conv"));
        ActivationShape small = ActivationShape.map(3, 8, 8);
        Map<NetworkOutput, String> outputs = Map.of(FEATURE_MAP, "conv");
        assertRejects(() -> Dl4jImport.plan(graph, small, outputs))
                .hasMessageStartingWith("layer 'conv' does not fit its input [3, 8, 8]");
        assertRejects(() -> plan(graph, FEATURE_MAP, "nowhere"));
    }

    @Test
    void twoInputsAreRefused() {
        InputType type = InputType.convolutional(SIZE, SIZE, 3);
        ElementWiseVertex sum = new ElementWiseVertex(ElementWiseVertex.Op.Add);
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .graphBuilder()
                        .addInputs("one", "two")
                        .setInputTypes(type, type)
                        .addVertex("sum", sum, "one", "two")
                        .addLayer("out", new ActivationLayer(Activation.RELU), "sum")
                        .setOutputs("out");
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        assertRejects(() -> plan(graph, FEATURE_MAP, "out"))
                .hasMessage("the graph has inputs [one, two]; expected one");
    }
}
