package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Everything that the epochs after a given one depend on, but for the images.
 *
 * @param network parameters and optimizer after the latest epoch
 * @param best all parameters after the epoch with the least validation loss so far
 * @param bestEpoch that epoch, from 1
 * @param history one entry an epoch so far, at least one
 * @param random state of ND4J's random numbers of the training thread; the order of the images
 *     follows from the recipe's seed and the number of epochs
 */
record EpochState(
        TrainingState network,
        INDArray best,
        int bestEpoch,
        List<EpochSummary> history,
        RandomState random) {

    /** Both words of an ND4J generator. */
    record RandomState(long root, long node) {}

    EpochState {
        requireNonNull(network, "network is null");
        requireNonNull(best, "best is null");
        history = List.copyOf(history);
        requireNonNull(random, "random is null");
        if (bestEpoch < 1 || bestEpoch > history.size()) {
            throw new IllegalArgumentException(
                    "bestEpoch is %d of %d; expected one of them"
                            .formatted(bestEpoch, history.size()));
        }
    }

    int epoch() {
        return history.size();
    }
}
