package org.deepcovid.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deepcovid.testing.TestGraphs;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
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

    private static final int SIZE = 8;

    @Test
    void featuresAreTheMeanOfTheMapAndLogitsFollowFromThem() {
        try (Backbone backbone = tiny()) {
            INDArray images = images(2);
            Backbone.Trace trace = backbone.trace(images);

            assertThat(trace.map().shape()).containsExactly(2, 4, 6, 6);
            assertThat(trace.pooled().equalsWithEps(trace.map().mean(2, 3), 1e-6)).isTrue();
            assertThat(backbone.features(images)).isEqualTo(trace.pooled());
            Map<String, INDArray> head = backbone.parameters();
            INDArray expected =
                    trace.pooled().mmul(head.get("logits/W")).addRowVector(head.get("logits/b"));
            assertThat(backbone.logits(images).orElseThrow().equalsWithEps(expected, 1e-6))
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
        try (Backbone backbone = backbone(GraphBackboneTest::addMap)) {
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
                Backbone longer =
                        backbone(
                                g ->
                                        g.addLayer("first", convolution(2, 1), "images")
                                                .addLayer("map", convolution(4, 3), "first"))) {
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
        try (Backbone tiny = backbone(GraphBackboneTest::addMap)) {
            assertBreaks(tiny, 5, 6, "map", "output of vertex 'map' of tiny is");
            assertBreaks(tiny, 4, 7, "map", "output of vertex 'map' of tiny is");
            assertBreaks(tiny, 4, 6, "other", "output of vertex 'other' of tiny is nothing");
        }
    }

    private static void assertBreaks(
            Backbone tiny, int channels, int size, String camLayer, String reason) {
        BackboneSpec spec =
                new BackboneSpec(
                        "tiny",
                        "test",
                        tiny.spec().input(),
                        new BackboneSpec.Features(channels, size, camLayer),
                        0,
                        tiny.spec().source());
        assertRejects(() -> GraphBackbone.of(spec, tiny.origin(), tiny.graph()), reason);
    }

    private static INDArray images(int count) {
        return Nd4j.rand(DataType.FLOAT, count, 3, 8, 8);
    }

    private static Backbone tiny() {
        return tiny(new ActivationIdentity());
    }

    private static Backbone tiny(IActivation headActivation) {
        ActivationLayer head = new ActivationLayer.Builder().activation(headActivation).build();
        DenseLayer logits = new DenseLayer.Builder().nOut(3).build();
        return backbone(
                g -> {
                    addMap(g);
                    g.addLayer("head", head, Backbone.FEATURES);
                    g.addLayer(Backbone.LOGITS, logits, "head");
                },
                Backbone.LOGITS);
    }

    private static Backbone backbone(Consumer<GraphBuilder> trunk, String... outputs) {
        return TestGraphs.backbone(TestGraphs.graph(SIZE, trunk, outputs), SIZE);
    }

    private static void addMap(GraphBuilder builder) {
        builder.addLayer("map", convolution(4, 3), "images");
    }

    private static ConvolutionLayer convolution(int channels, int kernel) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .nOut(channels)
                .activation(Activation.RELU)
                .build();
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
