package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ResizedCrop;
import org.deepcovid.core.image.Standardization;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.AugmentationPlan.PositiveCopies;
import org.deepcovid.core.training.LearningRateSchedule.StepDecay;
import org.deepcovid.core.training.Optimizer.SgdMomentum;
import org.deepcovid.core.training.TrainableLayers.FromLayer;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;

/**
 * The recipe of a fine-tuning; the backbone is frozen unless {@link #withTrainableFrom} is used.
 * {@link #defaults()} is the recipe of Minaee et al. (2020, doi 10.1016/j.media.2020.101794): Adam
 * at 1e-4, batches of 20, 100 epochs, positives augmented to five times their number. {@link
 * #releasedScript()} is that of the program published with the paper, {@link #robust()} one of this
 * library for images of other origins.
 *
 * @param epochs passes over the training images; the best of them on validation is kept
 * @param batchSize images per update
 * @param optimization optimizer, learning rate and its schedule
 * @param standardization what is made equal about all images, also about those that are scored
 * @param augmentationPlan augmentation of the training images
 * @param balance treatment of the rarer class
 * @param trainable what is trained beside the head
 * @param patience training stops early after this many epochs without a lower validation loss;
 *     empty to train all epochs
 * @param seeds how many heads are trained, with the seed and those after it, whose mean is kept; 1
 *     for a single one
 * @param seed of augmentation, initial weights and order of the images
 */
public record FineTuneConfig(
        int epochs,
        int batchSize,
        Optimization optimization,
        Standardization standardization,
        AugmentationPlan augmentationPlan,
        ClassBalance balance,
        TrainableLayers trainable,
        OptionalInt patience,
        int seeds,
        long seed) {

    /**
     * How gradients become steps.
     *
     * @param optimizer Adam or momentum
     * @param learningRate step size in the first epoch
     * @param schedule how the step size changes from epoch to epoch
     */
    public record Optimization(
            Optimizer optimizer, double learningRate, LearningRateSchedule schedule) {

        public Optimization {
            requireNonNull(optimizer, "optimizer is null");
            requireNonNull(schedule, "schedule is null");
            if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "learningRate is %s; expected a positive number such as 1e-4"
                                .formatted(learningRate));
            }
        }
    }

    /** Number of different random forms of each image that {@link #releasedScript()} makes. */
    public static final int DEFAULT_DRAWS = 10;

    public FineTuneConfig {
        requirePositive("epochs", epochs);
        requirePositive("batchSize", batchSize);
        requireNonNull(optimization, "optimization is null");
        requireNonNull(standardization, "standardization is null");
        requireNonNull(augmentationPlan, "augmentationPlan is null");
        requireNonNull(balance, "balance is null");
        requireNonNull(trainable, "trainable is null");
        requireNonNull(patience, "patience is null");
        requirePositive("seeds", seeds);
        if (seeds > 1 && !(trainable instanceof HeadOnly)) {
            throw new IllegalArgumentException(
                    "a mean of %d heads needs the same network below all of them, and layers of it are trained (%s); train the head alone"
                            .formatted(seeds, trainable.describe()));
        }
        patience.ifPresent(epochsWithout -> requirePositive("patience", epochsWithout));
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
                new Optimization(Optimizer.adam(), 1e-4, LearningRateSchedule.constant()),
                Standardization.NONE,
                new PositiveCopies(5, Augmentation.defaults()),
                ClassBalance.WEIGHTED_LOSS,
                new HeadOnly(),
                OptionalInt.empty(),
                1,
                1);
    }

    /**
     * The recipe of the PyTorch program that the paper's authors published, which is not the
     * paper's: plain gradient descent with momentum, a falling learning rate, a random part of
     * every image in every epoch, mirrored or not, and nothing done about the rarer class.
     *
     * <p>Where it departs from the program: {@value #DEFAULT_DRAWS} random forms of each image take
     * turns instead of new ones in every epoch (see {@link EveryImage}); the kept epoch is the one
     * with the least validation loss, not the highest validation accuracy; parts are cut out of the
     * image as it is, not after a first reduction.
     *
     * @return SGD with momentum 0.9 at 1e-4, times 0.1 after every 7 epochs, batch 20, 100 epochs,
     *     seed 1
     */
    public static FineTuneConfig releasedScript() {
        Augmentation parts =
                Augmentation.none()
                        .withCrop(ResizedCrop.torchvision())
                        .withHorizontalFlipProbability(0.5);
        return defaults()
                .withOptimizer(new SgdMomentum(0.9))
                .withSchedule(new StepDecay(0.1, 7))
                .withAugmentationPlan(new EveryImage(DEFAULT_DRAWS, parts))
                .withBalance(ClassBalance.NONE);
    }

    /**
     * A recipe for images that were framed and exposed otherwise than the training images: the
     * paper's, but uniform borders are trimmed and grey levels stretched in every image. How it was
     * chosen: {@code docs/robust.md}.
     *
     * @return {@link #defaults()} with {@link Standardization#TRIM_AND_LEVELS}
     */
    public static FineTuneConfig robust() {
        return defaults().withStandardization(Standardization.TRIM_AND_LEVELS);
    }

    public Augmentation augmentation() {
        return augmentationPlan.augmentation();
    }

    /** The learning rate of the first epoch. */
    public double learningRate() {
        return optimization.learningRate();
    }

    public Optimizer optimizer() {
        return optimization.optimizer();
    }

    public LearningRateSchedule schedule() {
        return optimization.schedule();
    }

    /** The learning rate of an epoch. */
    public double learningRateAt(int epoch) {
        return learningRate() * schedule().factorAt(epoch);
    }

    public FineTuneConfig withEpochs(int newEpochs) {
        return with(draft -> draft.epochs = newEpochs);
    }

    public FineTuneConfig withBatchSize(int newBatchSize) {
        return with(draft -> draft.batchSize = newBatchSize);
    }

    public FineTuneConfig withLearningRate(double newLearningRate) {
        return with(
                draft ->
                        draft.optimization =
                                new Optimization(optimizer(), newLearningRate, schedule()));
    }

    public FineTuneConfig withOptimizer(Optimizer newOptimizer) {
        return with(
                draft ->
                        draft.optimization =
                                new Optimization(newOptimizer, learningRate(), schedule()));
    }

    public FineTuneConfig withSchedule(LearningRateSchedule newSchedule) {
        return with(
                draft ->
                        draft.optimization =
                                new Optimization(optimizer(), learningRate(), newSchedule));
    }

    public FineTuneConfig withStandardization(Standardization newStandardization) {
        return with(draft -> draft.standardization = newStandardization);
    }

    public FineTuneConfig withAugmentationPlan(AugmentationPlan newPlan) {
        return with(draft -> draft.augmentationPlan = newPlan);
    }

    /** A copy with another treatment of positives. */
    public FineTuneConfig withPositiveCopies(int copies, Augmentation changes) {
        return withAugmentationPlan(new PositiveCopies(copies, changes));
    }

    public FineTuneConfig withBalance(ClassBalance newBalance) {
        return with(draft -> draft.balance = newBalance);
    }

    /**
     * A copy that also trains layers of the backbone: the named one and everything that its input
     * does not depend on. A hundredth to a tenth of a head's learning rate suits them, and an epoch
     * costs a forward and a backward pass of these layers over all images.
     *
     * @param layer name of a layer of the backbone's graph, such as {@code "fire8.squeeze"} of
     *     SqueezeNet or {@code "layer4.0.conv1"} of a ResNet; fine-tuning refuses an unknown one
     *     and lists those that exist
     */
    public FineTuneConfig withTrainableFrom(String layer) {
        return withTrainable(new FromLayer(layer));
    }

    public FineTuneConfig withTrainable(TrainableLayers newTrainable) {
        return with(draft -> draft.trainable = newTrainable);
    }

    /** A copy that stops after this many epochs without a lower validation loss. */
    public FineTuneConfig withPatience(int epochsWithout) {
        return with(draft -> draft.patience = OptionalInt.of(epochsWithout));
    }

    /** Whether training stops early after an epoch, given the best epoch so far. */
    boolean stopsAfter(int epoch, int bestEpoch) {
        return patience.isPresent() && epoch - bestEpoch >= patience.getAsInt();
    }

    /**
     * A copy that trains a head with the seed and each of those after it, and keeps their mean,
     * weight by weight: the logits are then the means of the heads' logits.
     *
     * @param newSeeds number of heads, at least 1
     */
    public FineTuneConfig withMeanOf(int newSeeds) {
        return with(draft -> draft.seeds = newSeeds);
    }

    /** The recipes of the single heads. */
    List<FineTuneConfig> single() {
        return LongStream.range(seed, seed + seeds)
                .mapToObj(each -> withMeanOf(1).withSeed(each))
                .toList();
    }

    public FineTuneConfig withSeed(long newSeed) {
        return with(draft -> draft.seed = newSeed);
    }

    private FineTuneConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /** The components, while a copy changes one of them. */
    private static final class Draft {
        int epochs;
        int batchSize;
        Optimization optimization;
        Standardization standardization;
        AugmentationPlan augmentationPlan;
        ClassBalance balance;
        TrainableLayers trainable;
        OptionalInt patience;
        int seeds;
        long seed;

        Draft(FineTuneConfig from) {
            epochs = from.epochs;
            batchSize = from.batchSize;
            optimization = from.optimization;
            standardization = from.standardization;
            augmentationPlan = from.augmentationPlan;
            balance = from.balance;
            trainable = from.trainable;
            patience = from.patience;
            seeds = from.seeds;
            seed = from.seed;
        }

        FineTuneConfig finish() {
            return new FineTuneConfig(
                    epochs,
                    batchSize,
                    optimization,
                    standardization,
                    augmentationPlan,
                    balance,
                    trainable,
                    patience,
                    seeds,
                    seed);
        }
    }
}
