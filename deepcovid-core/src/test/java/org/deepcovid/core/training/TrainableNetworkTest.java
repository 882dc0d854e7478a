package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.core.training.LayerZoo.copies;
import static org.deepcovid.testing.Failures.assertRejects;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.Optimizer.Adam;
import org.deepcovid.core.training.TrainableLayers.FromLayer;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;
import org.deepcovid.core.training.TrainableLayers.WholeBackbone;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TrainableNetworkTest {

    private static final String HELPERS_DISABLE = "org.eclipse.deeplearning4j.helpers.disable";
    private static final int BATCH = 6;
    private static final List<Integer> LABELS = List.of(0, 1, 2, 2, 1, 0);
    private static final List<Double> WEIGHTS = List.of(1.0, 2.0, 0.5);

    @BeforeAll
    static void start() {
        DeepCovidRuntime.initialise();
    }

    private static INDArray images(long seed) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.rand(DataType.FLOAT, BATCH, 3, LayerZoo.SIZE, LayerZoo.SIZE).subi(0.5);
    }

    private static TrainableNetwork network(Backbone backbone) {
        return network(backbone, new WholeBackbone());
    }

    private static TrainableNetwork network(Backbone backbone, TrainableLayers layers) {
        return TrainableNetwork.of(backbone, layers, WEIGHTS, new Adam(), 0.003, 4);
    }

    /** What one batch gives: features, loss, and the loss' derivative by every parameter. */
    private static Map<String, INDArray> pass(Backbone backbone, boolean helpers) {
        String before = System.getProperty(HELPERS_DISABLE);
        System.setProperty(HELPERS_DISABLE, Boolean.toString(!helpers));
        Nd4j.getEnvironment().allowHelpers(helpers);
        try (TrainableNetwork network = network(backbone)) {
            ComputationGraph graph = network.graph();
            assertThat(((ConvolutionLayer) graph.getLayer("conv1")).getHelper() != null)
                    .as("a helper computes the convolution")
                    .isEqualTo(helpers);
            Map<String, INDArray> found = new LinkedHashMap<>();
            found.put("features", network.features(List.of(images(1))).dup());
            graph.setInputs(images(1));
            graph.setLabels(oneHot());
            graph.computeGradientAndScore();
            found.put("loss", Nd4j.scalar((float) graph.score()));
            Gradient gradient = graph.gradient();
            gradient.gradientForVariable().forEach((name, array) -> found.put(name, array.dup()));
            return found;
        } finally {
            Nd4j.getEnvironment().allowHelpers(true);
            System.setProperty(HELPERS_DISABLE, before);
        }
    }

    private static INDArray oneHot() {
        INDArray targets = Nd4j.zeros(DataType.FLOAT, BATCH, WEIGHTS.size());
        for (int i = 0; i < BATCH; i++) {
            targets.putScalar(i, LABELS.get(i), 1);
        }
        return targets;
    }

    @Test
    void everyLayerLearnsTheSameWithAndWithoutOneDnnHelpers() {
        try (Backbone backbone = LayerZoo.random(1)) {
            Map<String, INDArray> with = pass(backbone, true);
            Map<String, INDArray> without = pass(backbone, false);

            assertThat(with.keySet())
                    .isEqualTo(without.keySet())
                    .contains("conv1_W", "norm1_gamma", "norm1_beta", "left_W", "left_b", "right_W")
                    .contains("conv2_W", "norm2_gamma", "trained head_W", "trained head_b");
            without.forEach(
                    (name, expected) -> {
                        double scale = expected.amaxNumber().doubleValue();
                        double worst = with.get(name).sub(expected).amaxNumber().doubleValue();
                        assertThat(worst).as(name).isLessThanOrEqualTo(1e-4 * scale);
                        boolean statistic = name.endsWith("_mean") || name.endsWith("_var");
                        assertThat(scale > 0).as("%s is of use", name).isEqualTo(!statistic);
                    });
        }
    }

    /** Central differences of the loss; DL4J's gradients are sums over the batch at this point. */
    @ParameterizedTest
    @CsvSource({
        "norm1, gamma",
        "norm1, beta",
        "norm2, gamma",
        "norm2, beta",
        "conv1, W",
        "left, b"
    })
    void gradientsAreTheSlopesOfTheLoss(String layer, String parameter) {
        try (Backbone backbone = LayerZoo.random(2);
                TrainableNetwork network = network(backbone)) {
            ComputationGraph graph = network.graph();
            graph.setInputs(images(1));
            graph.setLabels(oneHot());
            graph.computeGradientAndScore();
            INDArray gradient = graph.gradient().getGradientFor(layer + "_" + parameter).div(BATCH);
            INDArray values = graph.getLayer(layer).paramTable(false).get(parameter);
            double scale = gradient.amaxNumber().doubleValue();
            for (int i = 0; i < 4; i++) {
                double slope =
                        (lossAt(graph, values, i, 0.01) - lossAt(graph, values, i, -0.01)) / 0.02;
                assertThat(gradient.getDouble(i)).isCloseTo(slope, within(0.02 * scale));
            }
        }
    }

    private static double lossAt(
            ComputationGraph graph, INDArray values, long index, double change) {
        double before = values.getDouble(index);
        values.putScalar(index, before + change);
        graph.setInputs(images(1));
        graph.setLabels(oneHot());
        graph.computeGradientAndScore();
        values.putScalar(index, before);
        return graph.score();
    }

    /** A graph with the seed 0, as the networks of the library have it. */
    @Test
    void theSeedDecidesTheHeadWhateverTheSeedOfTheBackbone() {
        try (Backbone backbone = LayerZoo.random(3)) {
            backbone.graph().getConfiguration().getDefaultConfiguration().setSeed(0);
            try (TrainableNetwork one = network(backbone);
                    TrainableNetwork same = network(backbone);
                    TrainableNetwork other =
                            TrainableNetwork.of(
                                    backbone, new WholeBackbone(), WEIGHTS, new Adam(), 0.003, 5)) {
                assertThat(one.head()).isEqualTo(same.head());
                assertThat(one.head()).isNotEqualTo(other.head());
            }
        }
    }

    @Test
    void forwardPassIsThatOfTheBackbone() {
        try (Backbone backbone = LayerZoo.random(3);
                TrainableNetwork network = network(backbone)) {
            INDArray expected = backbone.features(images(2));
            INDArray found = network.features(List.of(images(2)));
            assertThat(found.equalsWithEps(expected, 1e-5)).isTrue();
        }
    }

    @Test
    void runningStatisticsStayAndLossFalls() {
        try (Backbone backbone = LayerZoo.random(4);
                TrainableNetwork network = network(backbone)) {
            Map<String, INDArray> before = copies(backbone);
            double first = network.fit(List.of(images(3)), LABELS);
            double last = first;
            for (int i = 0; i < 60; i++) {
                last = network.fit(List.of(images(3)), LABELS);
            }
            assertThat(last).isLessThan(0.5 * first);
            assertThat(copies(backbone)).isEqualTo(before);

            network.copyInto(backbone);
            copies(backbone)
                    .forEach(
                            (name, array) ->
                                    assertThat(array.equals(before.get(name)))
                                            .as("%s is unchanged", name)
                                            .isEqualTo(
                                                    name.endsWith("/mean")
                                                            || name.endsWith("/var")));
            assertThat(
                            backbone.features(images(3))
                                    .equalsWithEps(network.features(List.of(images(3))), 1e-5))
                    .isTrue();
        }
    }

    @Test
    void goesOnFromACheckpointAsIfNeverInterrupted() {
        try (Backbone backbone = LayerZoo.random(5);
                TrainableNetwork one = network(backbone);
                TrainableNetwork other = network(backbone)) {
            for (int step = 0; step < 10; step++) {
                one.fit(List.of(images(step)), LABELS);
            }
            TrainableNetwork.State state = one.state();
            other.restore(state);
            for (int step = 10; step < 20; step++) {
                one.fit(List.of(images(step)), LABELS);
                other.fit(List.of(images(step)), LABELS);
            }
            assertThat(state.steps()).isEqualTo(10);
            assertThat(other.state().steps()).isEqualTo(20);
            assertThat(other.state().arrays()).isEqualTo(one.state().arrays());
            assertThat(other.head()).isEqualTo(one.head());
        }
    }

    @Test
    void checkpointsOfOtherNetworksAreRefused() {
        try (Backbone backbone = LayerZoo.random(5);
                TrainableNetwork all = network(backbone);
                TrainableNetwork some = network(backbone, new FromLayer("conv2"))) {
            assertRejects(() -> some.restore(all.state()), "it is of another network");
        }
    }

    @Test
    void theCutTakesEverythingThatTheLayersInputDoesNotNeed() {
        try (Backbone backbone = LayerZoo.random(6)) {
            NetworkCut beside = NetworkCut.of(backbone, new FromLayer("right"));
            assertThat(beside.boundary()).containsExactly("maximum");
            assertThat(beside.layersWithParameters(backbone.graph()))
                    .containsExactlyInAnyOrder("left", "right", "conv2", "norm2");

            NetworkCut above = NetworkCut.of(backbone, new FromLayer("norm2"));
            assertThat(above.boundary()).containsExactlyInAnyOrder("conv2", "average");
            assertThat(above.trained()).endsWith("features").doesNotContain("average");

            NetworkCut last = NetworkCut.of(backbone, TrainableLayers.lastStage());
            assertThat(last).isEqualTo(NetworkCut.of(backbone, new FromLayer("conv2")));

            NetworkCut all = NetworkCut.of(backbone, new WholeBackbone());
            assertThat(all.boundary()).containsExactly("image");
            assertThat(all.layersWithParameters(backbone.graph())).hasSize(6);
        }
    }

    @Test
    void layersThatDoNotExistOrCannotLearnAreRefused() {
        try (Backbone backbone = LayerZoo.random(6)) {
            assertRejects(
                    () -> network(backbone, new FromLayer("fire9")),
                    "no layer 'fire9'",
                    "[conv1, norm1, left, right, conv2, norm2]");
            assertRejects(() -> network(backbone, new FromLayer("image")), "no layer 'image'");
            assertRejects(() -> network(backbone, new FromLayer("added")), "no layer with weights");
            assertRejects(() -> network(backbone, new HeadOnly()), "no layer with weights");
            assertRejects(() -> new FromLayer(" "));
        }
    }

    @Test
    void wrongBatchesAreRefused() {
        try (Backbone backbone = LayerZoo.random(6);
                TrainableNetwork network = network(backbone)) {
            assertRejects(
                    () -> network.fit(List.of(images(1)), List.of(0, 1)), "expected 2 examples");
            assertRejects(
                    () -> network.fit(List.of(images(1)), List.of(0, 1, 3, 0, 0, 0)),
                    "label 3 of example 2; expected 0 to 2");
        }
    }

    /** One map at the cut runs compiled, two run as a graph; both give what the backbone gives. */
    @ParameterizedTest
    @CsvSource({"right, maximum", "conv2, average", "norm2, average+conv2", "conv1, pad"})
    void frozenLayersGiveTheActivationsAtTheCut(String from, String vertices) {
        try (Backbone backbone = LayerZoo.random(7)) {
            NetworkCut cut = NetworkCut.of(backbone, new FromLayer(from));
            assertThat(cut.boundary()).containsExactlyInAnyOrder(vertices.split("\\+", -1));
            INDArray images = images(5);
            Map<String, INDArray> expected = backbone.graph().feedForward(images, false);
            try (FrozenPart frozen = FrozenPart.of(backbone, cut)) {
                List<float[]> rows = frozen.rows(FloatBuffer.wrap(images.data().asFloat()), BATCH);
                for (int i = 0; i < BATCH; i++) {
                    int at = 0;
                    for (String vertex : cut.boundary()) {
                        for (float value :
                                expected.get(vertex).slice(i).dup('c').data().asFloat()) {
                            assertThat(rows.get(i)[at++]).isCloseTo(value, within(1e-4f));
                        }
                    }
                    assertThat(at).isEqualTo(frozen.rowLength());
                }
            }
        }
    }
}
