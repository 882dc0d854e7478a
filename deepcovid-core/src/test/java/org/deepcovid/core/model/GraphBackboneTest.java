package org.deepcovid.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import java.util.stream.IntStream;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GraphBackboneTest {

    private static final BackboneSpec SPEC = spec(4, 6, "map");
    private static final WeightsOrigin ORIGIN = new WeightsOrigin("seed", "0".repeat(64), false);

    @BeforeAll
    static void startNd4j() {
        DeepCovidRuntime.initialise();
    }

    @Test
    void featuresAreTheMeanOfTheMapAndLogitsFollowFromThem() {
        try (Backbone backbone = tiny()) {
            INDArray images = images(2);
            Backbone.Trace trace = backbone.trace(images);

            assertThat(trace.map().shape()).containsExactly(2, 4, 6, 6);
            assertThat(trace.pooled().equalsWithEps(trace.map().mean(2, 3), 1e-6)).isTrue();
            assertThat(backbone.features(images)).isEqualTo(trace.pooled());
            INDArray weights = backbone.parameters().get("logits/W");
            assertThat(
                            backbone.logits(images)
                                    .orElseThrow()
                                    .equalsWithEps(trace.pooled().mmul(weights), 1e-6))
                    .isTrue();
        }
    }

    @Test
    void theHeadIsNotComputedForFeatures() {
        try (Backbone backbone = tiny(new Failing())) {
            INDArray images = images(1);
            assertThat(backbone.trace(images).pooled().shape()).containsExactly(1, 4);
            assertThatThrownBy(() -> backbone.logits(images))
                    .hasStackTraceContaining("the head was computed");
        }
    }

    @Test
    void withoutAHeadThereAreNoLogits() {
        try (Backbone backbone =
                GraphBackbone.of(SPEC, ORIGIN, graph(trunk().setOutputs(Backbone.FEATURES)))) {
            assertThat(backbone.logits(images(1))).isEmpty();
            assertRejects(() -> backbone.logits(Nd4j.rand(DataType.FLOAT, 1, 3, 8, 9)));
        }
    }

    @Test
    void viewsAndOtherMemoryOrdersGiveTheSameFeatures() {
        try (Backbone backbone = tiny()) {
            INDArray images = images(2);
            INDArray expected = backbone.features(images);
            INDArray view = Nd4j.concat(3, images, images).get(all(), all(), all(), interval(0, 8));
            assertThat(backbone.features(images.dup('f'))).isEqualTo(expected);
            assertThat(backbone.features(view)).isEqualTo(expected);
        }
    }

    @Test
    void severalThreadsGetTheirOwnResults() {
        try (Backbone backbone = tiny()) {
            List<INDArray> inputs = IntStream.range(1, 9).mapToObj(n -> images(n)).toList();
            List<INDArray> expected = inputs.stream().map(backbone::features).toList();
            for (int round = 0; round < 5; round++) {
                assertThat(inputs.parallelStream().map(backbone::features).toList())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void imagesOfAnotherKindAreRefused() {
        try (Backbone backbone = tiny()) {
            for (long[] shape :
                    new long[][] {{1, 3, 9, 8}, {1, 3, 8, 9}, {1, 1, 8, 8}, {3, 8, 8}, {3, 64}}) {
                INDArray images = Nd4j.zeros(DataType.FLOAT, shape);
                assertRejects(() -> backbone.trace(images), "expects FLOAT [N, 3, 8, 8]");
            }
            assertRejects(
                    () -> backbone.trace(Nd4j.zeros(DataType.DOUBLE, 1, 3, 8, 8)),
                    "images are DOUBLE");
        }
    }

    @Test
    void imagesWithValuesThatAreNotFiniteAreRefused() {
        try (Backbone backbone = tiny()) {
            for (float bad :
                    new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                INDArray images = Nd4j.zeros(DataType.FLOAT, 2, 3, 8, 8);
                images.putScalar(1, 2, 7, 7, bad);
                assertRejects(() -> backbone.features(images), "image 1 of the batch holds " + bad);
            }
            INDArray huge = Nd4j.valueArrayOf(new int[] {1, 3, 8, 8}, Float.MAX_VALUE);
            assertThat(backbone.trace(huge.castTo(DataType.FLOAT))).isNotNull();
        }
    }

    @Test
    void parametersAreViewsInTheOrderOfTheFlatVector() {
        try (Backbone backbone = tiny()) {
            assertThat(backbone.parameters().keySet())
                    .containsExactly("map/b", "map/W", "logits/W", "logits/b");
            INDArray images = images(1);
            backbone.parameters().get("map/W").assign(0);
            backbone.parameters().get("map/b").assign(2);
            assertThat(backbone.features(images)).isEqualTo(Nd4j.ones(DataType.FLOAT, 1, 4).mul(2));
        }
    }

    @Test
    void aClosedBackboneRefusesWorkAndClosesTwice() {
        Backbone backbone = tiny();
        backbone.close();
        backbone.close();
        INDArray images = Nd4j.zeros(DataType.FLOAT, 1, 3, 8, 8);
        assertFails(
                IllegalStateException.class,
                () -> backbone.trace(images),
                "tiny from seed is closed");
        assertFails(IllegalStateException.class, backbone::parameters);
        assertFails(IllegalStateException.class, backbone::graph);
    }

    @Test
    void workspacesAreUsedWhereDl4jCanCloseThem() {
        try (Backbone shortOne = tiny();
                Backbone longer = deeper()) {
            assertThat(shortOne.graph().getConfiguration().getInferenceWorkspaceMode())
                    .isEqualTo(WorkspaceMode.NONE);
            assertThat(longer.graph().getConfiguration().getInferenceWorkspaceMode())
                    .isEqualTo(WorkspaceMode.ENABLED);
            INDArray images = images(2);
            for (int round = 0; round < 3; round++) {
                Backbone.Trace trace = longer.trace(images);
                assertThat(trace.pooled().equalsWithEps(trace.map().mean(2, 3), 1e-6)).isTrue();
                assertThat(longer.features(images)).isEqualTo(trace.pooled());
            }
        }
    }

    @Test
    void aGraphThatBreaksItsSpecIsRefused() {
        ComputationGraph graph = graph(trunk().setOutputs(Backbone.FEATURES));
        assertRejects(
                () -> GraphBackbone.of(spec(5, 6, "map"), ORIGIN, graph),
                "output of vertex 'map' of tiny is");
        assertRejects(() -> GraphBackbone.of(spec(4, 7, "map"), ORIGIN, graph));
        assertRejects(
                () -> GraphBackbone.of(spec(4, 6, "other"), ORIGIN, graph),
                "output of vertex 'other' of tiny is nothing");
    }

    private static INDArray images(int count) {
        return Nd4j.rand(DataType.FLOAT, count, 3, 8, 8);
    }

    private static BackboneSpec spec(int channels, int size, String camLayer) {
        return new BackboneSpec(
                "tiny",
                "test",
                new BackboneSpec.Input(8, Normalization.TORCH),
                new BackboneSpec.Features(channels, size, camLayer),
                0,
                new BackboneSpec.Source("", ""));
    }

    private static Backbone tiny() {
        return tiny(new ActivationIdentity());
    }

    private static Backbone tiny(IActivation headActivation) {
        GraphBuilder builder =
                trunk().addLayer(
                                "head",
                                new ActivationLayer.Builder().activation(headActivation).build(),
                                Backbone.FEATURES)
                        .addLayer(
                                Backbone.LOGITS,
                                new DenseLayer.Builder()
                                        .nOut(3)
                                        .activation(Activation.IDENTITY)
                                        .build(),
                                "head")
                        .setOutputs(Backbone.LOGITS);
        return GraphBackbone.of(SPEC, ORIGIN, graph(builder));
    }

    /** A convolution before the one that gives the map. */
    private static Backbone deeper() {
        GraphBuilder builder = inputs().addLayer("first", convolution(2, 1), "images");
        return GraphBackbone.of(
                SPEC,
                ORIGIN,
                graph(mapAndFeatures(builder, "first").setOutputs(Backbone.FEATURES)));
    }

    private static ConvolutionLayer convolution(int channels, int kernel) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .nOut(channels)
                .activation(Activation.RELU)
                .build();
    }

    private static GraphBuilder trunk() {
        return mapAndFeatures(inputs(), "images");
    }

    private static GraphBuilder inputs() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("images")
                .setInputTypes(InputType.convolutional(8, 8, 3));
    }

    private static GraphBuilder mapAndFeatures(GraphBuilder builder, String input) {
        return builder.addLayer("map", convolution(4, 3), input)
                .addLayer(Backbone.FEATURES, new GlobalPoolingLayer(PoolingType.AVG), "map");
    }

    private static ComputationGraph graph(GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    /** Stands for a head that must not run. */
    private static final class Failing extends BaseActivationFunction {

        private static final long serialVersionUID = 1;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            throw new IllegalStateException("the head was computed");
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            throw new IllegalStateException("the head was differentiated");
        }
    }
}
