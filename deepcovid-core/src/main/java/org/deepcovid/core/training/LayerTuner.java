package org.deepcovid.core.training;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;

/**
 * Trains a head together with the upper layers of a backbone, or all of them. Activations of the
 * frozen layers are computed once and held in memory up to a quarter of the heap, beyond that in a
 * temporary file. See {@link org.deepcovid.core.CovidClassifier#fineTune}.
 */
public final class LayerTuner {

    private static final int SHARE_OF_HEAP = 4;

    private final Backbone backbone;
    private final FineTuneConfig config;
    private final RunOptions options;
    private final long memoryBytes;

    private LayerTuner(
            Backbone backbone, FineTuneConfig config, RunOptions options, long memoryBytes) {
        this.backbone = backbone;
        this.config = config;
        this.options = options;
        this.memoryBytes = memoryBytes;
    }

    /**
     * Result of the training, besides the backbone's new weights.
     *
     * @param head head of the chosen epoch
     * @param chosenEpoch the epoch with the least validation loss, from 1
     * @param history one entry per epoch
     * @param trainedLayers names of the trained layers, in the graph's order
     */
    public record Outcome(
            LinearHead head,
            int chosenEpoch,
            List<EpochSummary> history,
            List<String> trainedLayers) {

        public Outcome {
            history = List.copyOf(history);
            trainedLayers = List.copyOf(trainedLayers);
        }

        /**
         * Scores the validation images with the engine that will score all others.
         *
         * @param extractor computes features of the trained backbone
         * @param seed of the recipe
         */
        public FineTuneResult with(
                FeatureExtractor extractor,
                FittingData data,
                long seed,
                FineTuneListener listener) {
            FeatureCache cache = new FeatureCache(extractor);
            LabelledFeatures validation =
                    cache.features(
                            AugmentedImages.plain(data.labels(), data.validation()), listener);
            return new FineTuneResult(
                    head,
                    chosenEpoch,
                    history,
                    validation.scored(head),
                    trainedLayers,
                    new CrossFitting(cache),
                    InputDescription.of(cache, data, seed, listener),
                    List.of());
        }
    }

    /**
     * Runs a fine-tuning. The same backbone, images and configuration give the same weights, bit
     * for bit, on one machine with one number of threads.
     *
     * @param backbone pre-trained network; its trained layers hold the weights of the chosen epoch
     *     afterwards, and are as they were if this fails
     * @param config the recipe, with {@link FineTuneConfig#trainable} other than {@link HeadOnly}
     * @throws IllegalArgumentException if the backbone has no such layer; the message lists its
     *     layers
     * @throws IllegalStateException if there is no room for the activations at the cut, or training
     *     diverged; the message says what to do
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static Outcome run(
            Backbone backbone, FittingData data, FineTuneConfig config, RunOptions options) {
        return run(
                backbone, data, config, options, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** With another limit of memory for activations. */
    static Outcome run(
            Backbone backbone,
            FittingData data,
            FineTuneConfig config,
            RunOptions options,
            long memoryBytes) {
        DeepCovidRuntime.initialise();
        return new LayerTuner(backbone, config, options, memoryBytes).run(data);
    }

    private Outcome run(FittingData data) {
        List<AugmentedImages> rounds =
                AugmentedImages.rounds(data.labels(), data.training(), config, config.seed());
        AugmentedImages all = AugmentedImages.all(rounds, data.validation());
        List<Double> weights = weights(rounds.get(0));
        NetworkCut cut = NetworkCut.of(backbone, config.trainable());
        try (TrainableNetwork network =
                        TrainableNetwork.of(
                                backbone,
                                config.trainable(),
                                weights,
                                config.optimizer(),
                                config.learningRateAt(1),
                                config.seed());
                FrozenPart frozen = FrozenPart.of(backbone, cut)) {
            FeatureExtractor extractor =
                    options.with(
                            FeatureExtractor.of(backbone.spec(), frozen)
                                    .with(config.standardization()),
                            backbone,
                            cut.boundary().toString(),
                            frozen.engine());
            EpochCheckpoint checkpoint = checkpoint(all, extractor);
            Optional<EpochCheckpoint.State> earlier = checkpoint.read();
            earlier.ifPresent(
                    state ->
                            options.listener()
                                    .onResumed(FineTuneListener.Stage.HEAD, state.epoch()));
            boolean complete = earlier.filter(this::isComplete).isPresent();
            List<ImageRequest> needed = complete ? List.of() : all.requests();
            try (RowStore rows = activations(needed, frozen, extractor)) {
                options.listener().onNearCopies(data.requireSeparatePictures(options.nearCopies()));
                Outcome outcome =
                        new LayerEpochs(
                                        network,
                                        new CutActivations(rows, frozen.shapes(), all.classes()),
                                        rounds.size(),
                                        rounds.get(0).size(),
                                        weights,
                                        config,
                                        options.listener(),
                                        checkpoint,
                                        new SplittableRandom(config.seed()))
                                .train(earlier);
                network.copyInto(backbone);
                return outcome;
            }
        }
    }

    private boolean isComplete(EpochCheckpoint.State state) {
        return state.epoch() == config.epochs()
                || config.stopsAfter(state.epoch(), state.bestEpoch());
    }

    private EpochCheckpoint checkpoint(AugmentedImages images, FeatureExtractor extractor) {
        return new EpochCheckpoint(
                options.work().checkpoint(),
                () -> {
                    String contents = extractor.key(images.requests()).orElse("unreadable");
                    return FileHashes.sha256(
                            (contents + images.labels() + config).getBytes(StandardCharsets.UTF_8));
                });
    }

    private List<Double> weights(AugmentedImages round) {
        List<float[]> none = IntStream.range(0, round.size()).mapToObj(i -> new float[0]).toList();
        List<String> ids = round.requests().stream().map(ImageRequest::id).toList();
        double[] weights =
                new LabelledFeatures(round.labelSet(), ids, round.labels(), none)
                        .classWeights(config.balance());
        return Arrays.stream(weights).boxed().toList();
    }

    private RowStore activations(
            List<ImageRequest> requests, FrozenPart frozen, FeatureExtractor extractor) {
        RowStore rows =
                RowStore.of(
                        requests.size(),
                        frozen.rowLength(),
                        memoryBytes,
                        Path.of(System.getProperty("java.io.tmpdir")));
        long bytes = (long) requests.size() * frozen.rowLength() * Float.BYTES;
        boolean keep = frozen.isWorthKeeping() && options.work().hasRoomFor(bytes);
        try {
            FeatureCache.extract(
                    keep ? extractor : extractor.with(WorkStore.none(), ""),
                    requests,
                    options.listener(),
                    (request, row, notes) -> rows.add(row));
            return rows;
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }
}
