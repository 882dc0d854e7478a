package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.Optimizer.Adam;
import org.deepcovid.core.training.Optimizer.SgdMomentum;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** The layer against DL4J's output layer, on the same batches in the same order. */
class SoftmaxLayerTest {

    private static final int FEATURES = 19;
    private static final int ROWS = 64;
    private static final int BATCH = 13; // 64 rows: the last batch is smaller
    private static final double[] CLASS_WEIGHTS = {0.6, 3.2};

    private final LabelledFeatures data = data();

    @BeforeEach
    void start() {
        DeepCovidRuntime.initialise();
    }

    private static LabelledFeatures data() {
        SplittableRandom random = new SplittableRandom(4);
        List<String> ids = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            ids.add("image " + i);
            labels.add(random.nextInt(4) == 3 ? Label.COVID : Label.NON_COVID);
            float[] row = new float[FEATURES];
            for (int f = 0; f < FEATURES; f++) {
                row[f] = (float) random.nextDouble(2);
            }
            rows.add(row);
        }
        return new LabelledFeatures(LabelSet.COVID, ids, labels, rows);
    }

    private static MultiLayerNetwork dl4j(Optimizer optimizer, double learningRate) {
        INDArray weights = Nd4j.createFromArray((float) CLASS_WEIGHTS[0], (float) CLASS_WEIGHTS[1]);
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(8)
                                .updater(TrainableNetwork.updater(optimizer, learningRate))
                                .list()
                                .layer(
                                        new OutputLayer.Builder(new LossMCXENT(weights))
                                                .nIn(FEATURES)
                                                .nOut(2)
                                                .activation(Activation.SOFTMAX)
                                                .weightInit(WeightInit.XAVIER)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    static Stream<Optimizer> optimizers() {
        return Stream.of(new Adam(), new SgdMomentum(0.9));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void everyStepIsTheOneThatDl4jTakes(Optimizer optimizer) {
        double rate = 0.02;
        MultiLayerNetwork network = dl4j(optimizer, rate);
        SoftmaxLayer layer =
                new SoftmaxLayer(
                        HeadTrainer.initialWeights(FEATURES, 2, 8), CLASS_WEIGHTS, optimizer);
        for (int epoch = 0; epoch < 20; epoch++) {
            if (epoch == 10) {
                rate = 0.005;
                network.setLearningRate(rate);
            }
            for (int from = 0; from < ROWS; from += BATCH) {
                int[] batch = IntStream.range(from, Math.min(ROWS, from + BATCH)).toArray();
                double score = fit(network, batch);
                assertThat(layer.step(data, batch, rate)).isCloseTo(score, within(2e-5));
            }
        }
        LinearHead head = layer.head();
        assertThat(head.weights())
                .containsExactly(
                        network.getLayer(0).getParam("W").transpose().dup('c').data().asFloat(),
                        within(2e-5f));
        assertThat(head.bias())
                .containsExactly(
                        network.getLayer(0).getParam("b").dup('c').data().asFloat(), within(2e-5f));
    }

    private double fit(MultiLayerNetwork network, int[] batch) {
        network.fit(features(batch), labels(batch));
        return network.score();
    }

    private INDArray features(int[] batch) {
        return Nd4j.createFromArray(
                IntStream.of(batch).mapToObj(data.rows()::get).toArray(float[][]::new));
    }

    private INDArray labels(int[] batch) {
        float[][] oneHot = new float[batch.length][2];
        for (int i = 0; i < batch.length; i++) {
            oneHot[i][LabelSet.COVID.indexOf(data.labels().get(batch[i]))] = 1;
        }
        return Nd4j.createFromArray(oneHot);
    }

    @Test
    void theInitialWeightsAreThoseOfDl4j() {
        float[] expected =
                dl4j(new Adam(), 1).getLayer(0).getParam("W").transpose().dup('c').data().asFloat();
        assertThat(HeadTrainer.initialWeights(FEATURES, 2, 8)).containsExactly(expected);
        assertThat(HeadTrainer.initialWeights(FEATURES, 2, 9)).isNotEqualTo(expected);
    }

    @Test
    void aCertainMistakeCostsNoMoreThanTheLeastProbability() {
        float[] weights = new float[2 * FEATURES];
        weights[0] = 1e6f;
        SoftmaxLayer layer = new SoftmaxLayer(weights, new double[] {1, 1}, new Adam());
        int positive = data.labels().indexOf(Label.COVID);
        assertThat(layer.step(data, new int[] {positive}, 1e-3))
                .isCloseTo(-Math.log(1e-10), within(1e-9));
    }
}
