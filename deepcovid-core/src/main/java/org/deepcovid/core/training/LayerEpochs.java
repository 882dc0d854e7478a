package org.deepcovid.core.training;

import static org.deepcovid.core.training.HeadTrainer.stopIfCancelled;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.training.EpochCheckpoint.State.RandomState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The epochs of trained layers over cached activations: the rounds of training images one after
 * another, then the validation images.
 *
 * @param roundSize images per round
 * @param weights of the classes
 * @param shuffling seeded by the recipe, not used before
 */
record LayerEpochs(
        TrainableNetwork network,
        CutActivations activations,
        int rounds,
        int roundSize,
        List<Double> weights,
        FineTuneConfig config,
        FineTuneListener listener,
        EpochCheckpoint checkpoint,
        SplittableRandom shuffling) {

    /**
     * Trains; the network holds the parameters of the best epoch afterwards.
     *
     * @param earlier where an earlier run stood, if this one is to go on from there
     */
    LayerTuner.Outcome train(Optional<EpochCheckpoint.State> earlier) {
        List<EpochSummary> history = new ArrayList<>();
        INDArray best = network.parameters();
        int bestEpoch = 0;
        if (earlier.isPresent()) {
            restore(earlier.get());
            history.addAll(earlier.get().history());
            best = earlier.get().best();
            bestEpoch = earlier.get().bestEpoch();
        }
        for (int epoch = history.size() + 1;
                epoch <= config.epochs() && !config.stopsAfter(epoch - 1, bestEpoch);
                epoch++) {
            network.setLearningRate(config.learningRateAt(epoch));
            double trainingLoss = oneEpoch((epoch - 1) % rounds);
            EpochSummary summary = new EpochSummary(epoch, trainingLoss, validationLoss());
            if (bestEpoch == 0
                    || summary.validationLoss() < history.get(bestEpoch - 1).validationLoss()) {
                best = network.parameters();
                bestEpoch = epoch;
            }
            history.add(summary);
            keep(best, bestEpoch, history);
            listener.onEpoch(summary);
            listener.onProgress(FineTuneListener.Stage.HEAD, epoch, config.epochs());
        }
        network.setParameters(best);
        return new LayerTuner.Outcome(network.head(), bestEpoch, history, network.trainedLayers());
    }

    private void keep(INDArray best, int bestEpoch, List<EpochSummary> history) {
        if (checkpoint.keeps()) {
            RandomState random =
                    new RandomState(Nd4j.getRandom().rootState(), Nd4j.getRandom().nodeState());
            checkpoint.write(
                    new EpochCheckpoint.State(network.state(), best, bestEpoch, history, random));
        }
    }

    private void restore(EpochCheckpoint.State state) {
        network.restore(state.network());
        Nd4j.getRandom().setStates(state.random().root(), state.random().node());
        for (int epoch = 1; epoch <= state.epoch(); epoch++) {
            HeadTrainer.shuffledOrder(roundSize, shuffling); // as the earlier run drew
        }
        listener.onProgress(FineTuneListener.Stage.HEAD, state.epoch(), config.epochs());
    }

    /** Mean over the images of the loss that their batch had on arrival. */
    private double oneEpoch(int round) {
        int[] order = HeadTrainer.shuffledOrder(roundSize, shuffling);
        double sum = 0;
        for (int from = 0; from < order.length; from += config.batchSize()) {
            stopIfCancelled(listener);
            int to = Math.min(order.length, from + config.batchSize());
            List<Integer> batch =
                    IntStream.range(from, to).mapToObj(i -> round * roundSize + order[i]).toList();
            sum +=
                    network.fit(activations.arrays(batch), activations.classes(batch))
                            * batch.size();
        }
        return sum / order.length;
    }

    /** Mean weighted cross-entropy of the validation images. */
    private double validationLoss() {
        LinearHead head = network.head();
        int first = rounds * roundSize;
        double sum = 0;
        for (int from = first; from < activations.size(); from += config.batchSize()) {
            int to = Math.min(activations.size(), from + config.batchSize());
            List<Integer> batch = IntStream.range(from, to).boxed().toList();
            List<Integer> classes = activations.classes(batch);
            INDArray features = network.features(activations.arrays(batch));
            for (int i = 0; i < batch.size(); i++) {
                int label = classes.get(i);
                float[] row = features.getRow(i).dup('c').data().asFloat();
                double p = head.probabilities(row)[label];
                sum -= weights.get(label) * Math.log(Math.max(p, Double.MIN_NORMAL));
            }
        }
        return sum / (activations.size() - first);
    }
}
