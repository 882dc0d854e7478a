package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.HeatmapMethod.gradCam;
import static org.deepcovid.eval.explain.HeatmapMethod.hiResCam;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deepcovid.core.image.RasterImage;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GradientsTest {

    private static final int COVID = 1;

    private final ExplainedModel model = TestNetworks.mixedModel(3);
    private final RasterImage image = TestNetworks.image(TestNetworks.SIZE, TestNetworks.SIZE, 5);
    private final ExplainedModel.Input input = model.prepare(image);

    @AfterEach
    void close() {
        model.close();
        model.backbone().close();
    }

    private INDArray pixels() {
        int size = TestNetworks.SIZE;
        return Nd4j.create(input.tensor(), new long[] {1, 3, size, size}, 'c');
    }

    private double logit(float[] tensor) {
        return model.head().logits(model.features(tensor, 1)[0])[COVID];
    }

    /** Through batch normalisation, shortcut, concatenation and both poolings. */
    @Test
    void agreeWithFiniteDifferences() {
        LayerEvidence evidence = model.layer("input", input, COVID);
        Random random = new Random(1);
        int close = 0;
        for (int n = 0; n < 100; n++) {
            int i = random.nextInt(input.tensor().length);
            close += Math.abs(evidence.gradients()[i] - difference(i, 0.003)) < 1e-4 ? 1 : 0;
        }
        assertThat(close)
                .as("all but a few with a kink of ReLU or max pooling within the step")
                .isGreaterThanOrEqualTo(95);
        assertThat(Math.abs(evidence.gradients()[steepest(evidence)]))
                .as("the tolerance is small")
                .isGreaterThan(5e-3f);
        assertThat(evidence.activations()).isEqualTo(input.tensor());
    }

    private static int steepest(LayerEvidence evidence) {
        return IntStream.range(0, evidence.gradients().length)
                .boxed()
                .max(Comparator.comparingDouble(i -> Math.abs(evidence.gradients()[i])))
                .orElseThrow();
    }

    private double difference(int index, double step) {
        float[] more = input.tensor().clone();
        float[] less = input.tensor().clone();
        more[index] += (float) step;
        less[index] -= (float) step;
        return (logit(more) - logit(less)) / ((double) more[index] - less[index]);
    }

    /** DL4J's own pass from the features to the image. */
    private static final class WholePass extends ComputationGraph {

        private static final long serialVersionUID = 1L;

        WholePass(GradientGraph graph) {
            super(graph.getConfiguration().clone());
            init();
            setParams(graph.params());
        }

        Map<String, INDArray> gradients(INDArray image, INDArray weights) {
            feedForward(new INDArray[] {image}, false, false);
            calcBackpropGradients(false, false, weights);
            Map<String, INDArray> found = new HashMap<>();
            for (GraphVertex vertex : getVertices()) {
                if (vertex.getEpsilon() != null && vertex.getEpsilon().rank() == 4) {
                    found.put(vertex.getVertexName(), vertex.getEpsilon().dup('c'));
                }
            }
            return found;
        }
    }

    @Test
    void ofEveryLayerAreThoseOfAPassThroughTheWholeNetwork() {
        INDArray weights = Nd4j.createFromArray(new float[][] {model.weights(COVID)});
        INDArray pixels = pixels();
        GradientGraph graph = GradientGraph.of(model.backbone());
        WholePass whole = new WholePass(graph);
        Map<String, INDArray> expected = whole.gradients(pixels, weights);

        assertThat(expected).containsKeys("input", "pool1", "conv2", "relu2", "left", "right");
        expected.forEach(
                (layer, gradient) ->
                        assertThat(graph.at(layer, pixels, weights).gradients())
                                .as(layer)
                                .containsExactly(gradient.data().asFloat(), within(1e-6f)));
        whole.close();
        graph.close();
    }

    @Test
    void areThoseOfTheRequestedLabelAndLeaveTheNetworkAsItWas() {
        double before = logit(input.tensor());
        float[] covid = model.layer("conv2", input, COVID).gradients();
        float[] non = model.layer("conv2", input, 0).gradients();

        assertThat(covid).isNotEqualTo(non);
        assertThat(model.layer("conv2", input, COVID).gradients()).isEqualTo(covid);
        model.layer("bn1", input, COVID);
        assertThat(logit(input.tensor())).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"features", "logits"})
    void ofALayerWithoutFeatureMapsSayWhatIsExpected(String layer) {
        assertRefusedNaming(
                () -> hiResCam(layer).explain(model, image, "covid"),
                "layer '" + layer + "'",
                "expected");
    }

    @Test
    void thatAreNotNumbersAreReportedWithTheirLayer() {
        model.backbone().parameters().get("conv2/W").putScalar(0, Float.NaN);

        assertThatThrownBy(() -> gradCam("relu1").explain(model, image, "covid"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gradient NaN at layer 'relu1'");
    }

    @Test
    void areTheSameFromSeveralThreads() throws Exception {
        float[] expected = model.layer("relu2", input, COVID).gradients();
        Callable<float[]> gradients = () -> model.layer("relu2", input, COVID).gradients();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<float[]> found : threads.invokeAll(Collections.nCopies(4, gradients))) {
                assertThat(found.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
