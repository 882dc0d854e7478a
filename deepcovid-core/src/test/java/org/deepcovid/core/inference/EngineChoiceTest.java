package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.core.inference.NetworkOutput.FEATURES;
import static org.deepcovid.core.inference.NetworkOutput.FEATURE_MAP;
import static org.deepcovid.core.inference.NetworkOutput.LOGITS;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.nio.FloatBuffer;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.testing.TestGraphs;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;

class EngineChoiceTest {

    private static final int SIZE = 8;

    @AfterEach
    void clearTheProperty() {
        System.clearProperty(InferenceEngine.ENGINE);
    }

    private static Backbone tiny(Activation activation) {
        ConvolutionLayer map =
                new ConvolutionLayer.Builder(3, 3).nOut(4).activation(activation).build();
        return TestGraphs.backbone(
                TestGraphs.graph(SIZE, g -> g.addLayer("map", map, "images")), SIZE);
    }

    @Test
    void onACpuANetworkIsCompiled() {
        try (Backbone backbone = tiny(Activation.RELU);
                InferenceEngine engine = InferenceEngine.of(backbone)) {
            assertThat(engine).isInstanceOf(CompiledEngine.class);
            assertThat(engine.report().reason()).isEqualTo("fastest on a CPU");
            assertThat(engine.outputs()).containsExactly(FEATURE_MAP, FEATURES);
        }
    }

    @Test
    void aNetworkThatCannotBeCompiledRunsAsItsGraphAndTheReportNamesTheLayer() {
        try (Backbone backbone = tiny(Activation.SOFTSIGN);
                InferenceEngine engine = InferenceEngine.of(backbone)) {
            assertThat(engine).isInstanceOf(GraphEngine.class);
            assertThat(engine.report().kind()).isEqualTo(EngineReport.Kind.GRAPH);
            assertThat(engine.report().reason())
                    .startsWith("could not be compiled: layer 'map': activation softsign");
            FloatBuffer images = FloatBuffer.wrap(TestGraphs.images(2, SIZE, 1));
            assertThat(engine.features(images).shape()).containsExactly(2, 4);
        }
    }

    @Test
    void thePropertyOverridesTheChoice() {
        try (Backbone backbone = tiny(Activation.RELU);
                Backbone other = tiny(Activation.SOFTSIGN)) {
            System.setProperty(InferenceEngine.ENGINE, "graph");
            try (InferenceEngine engine = InferenceEngine.of(backbone)) {
                assertThat(engine.report().kind()).isEqualTo(EngineReport.Kind.GRAPH);
                assertThat(engine.report().reason()).isEqualTo("set by deepcovid.engine");
                assertThat(engine.precision()).isEqualTo(Precision.FLOAT32);
            }
            assertFails(
                            IllegalStateException.class,
                            () -> InferenceEngine.of(backbone, Precision.BFLOAT16))
                    .hasMessageContaining("deepcovid.engine is graph, but bfloat16 was asked for");
            System.setProperty(InferenceEngine.ENGINE, "Compiled");
            try (InferenceEngine engine = InferenceEngine.of(backbone)) {
                assertThat(engine.report().kind()).isEqualTo(EngineReport.Kind.COMPILED);
            }
            assertFails(UnsupportedLayerException.class, () -> InferenceEngine.of(other));
            System.setProperty(InferenceEngine.ENGINE, "fast");
            assertFails(IllegalStateException.class, () -> InferenceEngine.of(backbone))
                    .hasMessage(
                            "system property deepcovid.engine is 'fast'; expected auto, compiled,"
                                    + " onednn or graph");
        }
    }

    @Test
    void theCompiledEngineKeepsTheParametersThatItWasMadeWith() {
        FloatBuffer images = FloatBuffer.wrap(TestGraphs.images(1, SIZE, 1));
        try (Backbone backbone = tiny(Activation.RELU);
                InferenceEngine compiled = InferenceEngine.compiled(backbone);
                InferenceEngine graph = InferenceEngine.graph(backbone)) {
            FloatTensor before = compiled.features(images);
            backbone.parameters().get("map/b").addi(1);
            assertThat(compiled.features(images)).isEqualTo(before);
            assertThat(graph.features(images)).isNotEqualTo(before);
        }
    }

    @Test
    void closingAnEngineLeavesTheBackboneOpen() {
        FloatBuffer images = FloatBuffer.wrap(TestGraphs.images(1, SIZE, 1));
        try (Backbone backbone = tiny(Activation.RELU)) {
            InferenceEngine engine = InferenceEngine.graph(backbone);
            engine.close();
            assertFails(IllegalStateException.class, () -> engine.features(images))
                    .hasMessage("the engine is closed");
            try (InferenceEngine second = InferenceEngine.graph(backbone)) {
                assertThat(second.features(images).batch()).isEqualTo(1);
            }
        }
    }

    @Test
    void theGraphEngineReturnsOnlyTheRequestedOutputs() {
        FloatBuffer images = FloatBuffer.wrap(TestGraphs.images(2, SIZE, 1));
        try (Backbone backbone = tiny(Activation.RELU);
                InferenceEngine engine = InferenceEngine.graph(backbone)) {
            assertThat(engine.imageShape()).containsExactly(3, SIZE, SIZE);
            assertThat(engine.run(images, Set.of(FEATURE_MAP))).containsOnlyKeys(FEATURE_MAP);
            assertRejects(() -> engine.run(images, Set.of(LOGITS)));
            assertRejects(() -> engine.features(FloatBuffer.allocate(5)), "images hold 5 values");
            assertThat(images.remaining()).isEqualTo(2 * 3 * SIZE * SIZE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothEnginesRefuseNan(boolean compiled) {
        float[] images = TestGraphs.images(2, SIZE, 1);
        images[3 * SIZE * SIZE + 5] = Float.NaN;
        try (Backbone backbone = tiny(Activation.RELU);
                InferenceEngine engine =
                        compiled
                                ? InferenceEngine.compiled(backbone)
                                : InferenceEngine.graph(backbone)) {
            assertRejects(
                    () -> engine.features(FloatBuffer.wrap(images)),
                    "image 1 of the batch holds NaN");
        }
    }

    @Test
    void dl4jsOwnThreadsDoNotDisturbTheGraphEngine() {
        try (Backbone backbone = tiny(Activation.IDENTITY);
                InferenceEngine engine = InferenceEngine.graph(backbone)) {
            FloatBuffer images = FloatBuffer.wrap(TestGraphs.images(3, SIZE, 1));
            FloatTensor expected = engine.features(images);
            assertThat(IntStream.range(0, 16).parallel().mapToObj(i -> engine.features(images)))
                    .containsOnly(expected);
        }
    }
}
