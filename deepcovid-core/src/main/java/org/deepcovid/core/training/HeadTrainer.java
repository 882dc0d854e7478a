package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Trains a linear layer with softmax and cross-entropy on features that stay as they are. */
final class HeadTrainer {

    /** The head of the best epoch, and the losses of every epoch. */
    record Outcome(LinearHead head, int bestEpoch, List<EpochSummary> history) {
        Outcome {
            history = List.copyOf(history);
        }
    }

    private final FineTuneConfig config;
    private final List<LabelledFeatures> rounds;
    private final double[] classWeights;
    private final SoftmaxLayer layer;
    private final SplittableRandom shuffling;

    /**
     * A trainer of one head.
     *
     * @param rounds training features, which the epochs cycle through; at least one; the images and
     *     labels of all rounds are the same
     */
    HeadTrainer(FineTuneConfig config, List<LabelledFeatures> rounds) {
        this.config = config;
        this.rounds = List.copyOf(rounds);
        LabelledFeatures first = this.rounds.get(0);
        this.classWeights = first.classWeights(config.balance());
        float[] weights =
                initialWeights(first.rows().get(0).length, classWeights.length, config.seed());
        this.layer = new SoftmaxLayer(weights, classWeights, config.optimizer());
        this.shuffling = new SplittableRandom(config.seed());
    }

    /** The values that a DL4J output layer of this size begins with: normal, by Glorot's rule. */
    static float[] initialWeights(int features, int classes, long seed) {
        DeepCovidRuntime.initialise();
        INDArray weights = Nd4j.createUninitialized(DataType.FLOAT, (long) classes * features);
        Nd4j.getRandom().setSeed(seed);
        new WeightInitXavier()
                .init(features, classes, new long[] {features, classes}, 'f', weights);
        return weights.data().asFloat(); // column-major [features, classes]
    }

    /** Trains; the epoch with the least validation loss wins, the earliest of equals. */
    Outcome train(LabelledFeatures validation, FineTuneListener listener) {
        List<EpochSummary> history = new ArrayList<>();
        LinearHead best = null;
        int bestEpoch = 0;
        for (int epoch = 1;
                epoch <= config.epochs() && !config.stopsAfter(epoch - 1, bestEpoch);
                epoch++) {
            double trainingLoss = trainEpoch(epoch, listener);
            LinearHead head = layer.head();
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

    /**
     * Trains all epochs; the last one's head is the result.
     *
     * @param afterEach receives the number of each finished epoch, from 1
     */
    LinearHead fit(FineTuneListener listener, IntConsumer afterEach) {
        for (int epoch = 1; epoch <= config.epochs(); epoch++) {
            trainEpoch(epoch, listener);
            afterEach.accept(epoch);
        }
        return layer.head();
    }

    private double trainEpoch(int epoch, FineTuneListener listener) {
        stopIfCancelled(listener);
        double rate = config.learningRateAt(epoch);
        return oneEpoch(rounds.get((epoch - 1) % rounds.size()), rate);
    }

    static void stopIfCancelled(FineTuneListener listener) {
        if (listener.isCancelled() || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("fine-tuning was cancelled");
        }
    }

    /**
     * Updates the head once per batch; returns the mean loss of the batches before their updates.
     */
    private double oneEpoch(LabelledFeatures training, double learningRate) {
        int[] order = shuffledOrder(training.size(), shuffling);
        double sum = 0;
        for (int from = 0; from < order.length; from += config.batchSize()) {
            int to = Math.min(order.length, from + config.batchSize());
            int[] batch = Arrays.copyOfRange(order, from, to);
            sum += layer.step(training, batch, learningRate) * batch.length;
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

    private double loss(LinearHead head, LabelledFeatures data) {
        double sum = 0;
        for (int i = 0; i < data.size(); i++) {
            int label = data.classOf(i);
            double p = head.probabilities(data.rows().get(i))[label];
            sum -= classWeights[label] * Math.log(Math.max(p, Double.MIN_NORMAL));
        }
        return sum / data.size();
    }
}
