package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Trains a linear layer with softmax and cross-entropy on features that stay as they are. */
final class HeadTrainer {

    private static final int CLASSES = CovidLabel.values().length;

    /** The head of the best epoch, and what every epoch did. */
    record Outcome(LinearHead head, int bestEpoch, List<EpochSummary> history) {
        Outcome {
            history = List.copyOf(history);
        }
    }

    private final FineTuneConfig config;
    private final List<LabelledFeatures> rounds;
    private final double[] classWeights;
    private final MultiLayerNetwork network;
    private final SplittableRandom shuffling;

    /**
     * A trainer of one head.
     *
     * @param rounds training features that the epochs take turns with, at least one; the images and
     *     labels of all rounds are the same
     */
    HeadTrainer(FineTuneConfig config, List<LabelledFeatures> rounds) {
        this.config = config;
        this.rounds = List.copyOf(rounds);
        LabelledFeatures first = this.rounds.get(0);
        this.classWeights = first.classWeights(config.balance());
        this.network = network(config, first.rows().get(0).length, classWeights);
        this.shuffling = new SplittableRandom(config.seed());
    }

    private static MultiLayerNetwork network(
            FineTuneConfig config, int features, double[] weights) {
        INDArray lossWeights = Nd4j.createFromArray((float) weights[0], (float) weights[1]);
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(config.seed())
                                .updater(config.optimizer().updater(config.learningRate()))
                                .list()
                                .layer(
                                        new OutputLayer.Builder(new LossMCXENT(lossWeights))
                                                .nIn(features)
                                                .nOut(CLASSES)
                                                .activation(Activation.SOFTMAX)
                                                .weightInit(WeightInit.XAVIER)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    /** Trains; the epoch with the least validation loss wins, the earliest of equals. */
    Outcome train(LabelledFeatures validation, FineTuneListener listener) {
        return DeepCovidRuntime.onOneNativeThread(() -> epochs(validation, listener));
    }

    /**
     * Trains all epochs; the last one's head is the result.
     *
     * @param afterEach is given the number of every epoch, from 1, when it has ended
     */
    LinearHead fit(FineTuneListener listener, IntConsumer afterEach) {
        return DeepCovidRuntime.onOneNativeThread(
                () -> {
                    for (int epoch = 1; epoch <= config.epochs(); epoch++) {
                        trainEpoch(epoch, listener);
                        afterEach.accept(epoch);
                    }
                    return currentHead();
                });
    }

    private Outcome epochs(LabelledFeatures validation, FineTuneListener listener) {
        List<EpochSummary> history = new ArrayList<>();
        LinearHead best = null;
        int bestEpoch = 0;
        for (int epoch = 1; epoch <= config.epochs(); epoch++) {
            double trainingLoss = trainEpoch(epoch, listener);
            LinearHead head = currentHead();
            EpochSummary summary = new EpochSummary(epoch, trainingLoss, loss(head, validation));
            if (best == null
                    || summary.validationLoss() < history.get(bestEpoch - 1).validationLoss()) {
                best = head;
                bestEpoch = epoch;
            }
            history.add(summary);
            listener.onEpoch(summary);
            listener.onProgress(FineTuneListener.Stage.HEAD, epoch, config.epochs());
        }
        return new Outcome(best, bestEpoch, history);
    }

    private double trainEpoch(int epoch, FineTuneListener listener) {
        stopIfCancelled(listener);
        setLearningRate(epoch);
        return oneEpoch(rounds.get((epoch - 1) % rounds.size()));
    }

    static void stopIfCancelled(FineTuneListener listener) {
        if (listener.isCancelled() || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("fine-tuning was cancelled");
        }
    }

    private void setLearningRate(int epoch) {
        double rate = config.learningRateAt(epoch);
        if (rate != config.learningRateAt(Math.max(1, epoch - 1))) {
            network.setLearningRate(rate); // keeps the optimizer's state
        }
    }

    /** Updates the head once a batch; returns the mean loss that the batches had on arrival. */
    private double oneEpoch(LabelledFeatures training) {
        int[] order = shuffledOrder(training.size(), shuffling);
        double sum = 0;
        for (int from = 0; from < order.length; from += config.batchSize()) {
            int to = Math.min(order.length, from + config.batchSize());
            network.fit(features(training, order, from, to), labels(training, order, from, to));
            sum += network.score() * (to - from);
        }
        return sum / order.length;
    }

    static int[] shuffledOrder(int size, SplittableRandom random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static INDArray features(LabelledFeatures training, int[] order, int from, int to) {
        float[][] rows = new float[to - from][];
        for (int i = from; i < to; i++) {
            rows[i - from] = training.rows().get(order[i]);
        }
        return Nd4j.createFromArray(rows);
    }

    private static INDArray labels(LabelledFeatures training, int[] order, int from, int to) {
        float[][] oneHot = new float[to - from][CLASSES];
        for (int i = from; i < to; i++) {
            oneHot[i - from][training.labels().get(order[i]).classIndex()] = 1;
        }
        return Nd4j.createFromArray(oneHot);
    }

    private LinearHead currentHead() {
        INDArray weights =
                network.getLayer(0).getParam("W").transpose().dup('c'); // [classes, features]
        INDArray bias = network.getLayer(0).getParam("b");
        return new LinearHead(weights.data().asFloat(), bias.dup('c').data().asFloat());
    }

    private double loss(LinearHead head, LabelledFeatures data) {
        double sum = 0;
        for (int i = 0; i < data.size(); i++) {
            int label = data.labels().get(i).classIndex();
            double p = head.probabilities(data.rows().get(i))[label];
            sum -= classWeights[label] * Math.log(Math.max(p, Double.MIN_NORMAL));
        }
        return sum / data.size();
    }
}
