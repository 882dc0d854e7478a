package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.image.Augmentation;

/**
 * How a head is trained on a frozen backbone. {@link #defaults()} is the recipe of Minaee et al.
 * (2020, doi 10.1016/j.media.2020.101794): Adam at 1e-4, batches of 20, 100 epochs, positives
 * augmented to five times their number.
 *
 * @param epochs passes over the training images; the best of them on validation is kept
 * @param batchSize images an update of the head sees
 * @param learningRate step size of Adam
 * @param positiveCopies how often each COVID training image is seen in an epoch: once as it is, the
 *     other times augmented; 1 for no augmentation
 * @param augmentation how the further copies differ from the image
 * @param balance what is done about the rarer class
 * @param seed decides augmentation, initial weights and order of the images
 * @param inferenceBatchSize images the backbone sees at a time; affects speed and memory only
 * @param decodeThreads threads that read and resize images; affects speed and memory only
 */
public record FineTuneConfig(
        int epochs,
        int batchSize,
        double learningRate,
        int positiveCopies,
        Augmentation augmentation,
        ClassBalance balance,
        long seed,
        int inferenceBatchSize,
        int decodeThreads) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if a count is not positive or the learning rate is not a
     *     positive finite number
     */
    public FineTuneConfig {
        requirePositive("epochs", epochs);
        requirePositive("batchSize", batchSize);
        requirePositive("positiveCopies", positiveCopies);
        requirePositive("inferenceBatchSize", inferenceBatchSize);
        requirePositive("decodeThreads", decodeThreads);
        requireNonNull(augmentation, "augmentation is null");
        requireNonNull(balance, "balance is null");
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "learningRate is %s; expected a positive number such as 1e-4"
                            .formatted(learningRate));
        }
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "%s is %d; expected at least 1".formatted(name, value));
        }
    }

    /**
     * The paper's recipe with seed 1.
     *
     * @return Adam 1e-4, batch 20, 100 epochs, five copies of each positive, weighted loss
     */
    public static FineTuneConfig defaults() {
        return new FineTuneConfig(
                100,
                20,
                1e-4,
                5,
                Augmentation.defaults(),
                ClassBalance.WEIGHTED_LOSS,
                1,
                20,
                Math.max(1, Runtime.getRuntime().availableProcessors()));
    }

    /**
     * A copy with another number of epochs.
     *
     * @param newEpochs at least 1
     * @return the copy
     */
    public FineTuneConfig withEpochs(int newEpochs) {
        return new FineTuneConfig(
                newEpochs,
                batchSize,
                learningRate,
                positiveCopies,
                augmentation,
                balance,
                seed,
                inferenceBatchSize,
                decodeThreads);
    }

    /**
     * A copy with another batch size.
     *
     * @param newBatchSize at least 1
     * @return the copy
     */
    public FineTuneConfig withBatchSize(int newBatchSize) {
        return new FineTuneConfig(
                epochs,
                newBatchSize,
                learningRate,
                positiveCopies,
                augmentation,
                balance,
                seed,
                inferenceBatchSize,
                decodeThreads);
    }

    /**
     * A copy with another learning rate.
     *
     * @param newLearningRate positive
     * @return the copy
     */
    public FineTuneConfig withLearningRate(double newLearningRate) {
        return new FineTuneConfig(
                epochs,
                batchSize,
                newLearningRate,
                positiveCopies,
                augmentation,
                balance,
                seed,
                inferenceBatchSize,
                decodeThreads);
    }

    /**
     * A copy with another treatment of positives.
     *
     * @param newPositiveCopies at least 1; 1 for no augmentation
     * @param newAugmentation how the further copies differ
     * @return the copy
     */
    public FineTuneConfig withPositiveCopies(int newPositiveCopies, Augmentation newAugmentation) {
        return new FineTuneConfig(
                epochs,
                batchSize,
                learningRate,
                newPositiveCopies,
                newAugmentation,
                balance,
                seed,
                inferenceBatchSize,
                decodeThreads);
    }

    /**
     * A copy with another class balance.
     *
     * @param newBalance what is done about the rarer class
     * @return the copy
     */
    public FineTuneConfig withBalance(ClassBalance newBalance) {
        return new FineTuneConfig(
                epochs,
                batchSize,
                learningRate,
                positiveCopies,
                augmentation,
                newBalance,
                seed,
                inferenceBatchSize,
                decodeThreads);
    }

    /**
     * A copy with another seed.
     *
     * @param newSeed any number
     * @return the copy
     */
    public FineTuneConfig withSeed(long newSeed) {
        return new FineTuneConfig(
                epochs,
                batchSize,
                learningRate,
                positiveCopies,
                augmentation,
                balance,
                newSeed,
                inferenceBatchSize,
                decodeThreads);
    }
}
