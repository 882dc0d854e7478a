package org.deepcovid.core.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/**
 * Trains a head together with the upper layers of a backbone, or all of them. The frozen layers see
 * every image once; what they make of it is kept, in memory up to a quarter of the heap and in a
 * temporary file beyond. Most callers use {@link org.deepcovid.core.CovidClassifier#fineTune}.
 */
public final class LayerTuner {

    private static final int SHARE_OF_HEAP = 4;

    private final Backbone backbone;
    private final FineTuneConfig config;
    private final FineTuneListener listener;
    private final long memoryBytes;
    private final TrainingJournal journal;
    private final ImageKeys keys = new ImageKeys();

    private LayerTuner(
            Backbone backbone,
            FineTuneConfig config,
            FineTuneListener listener,
            long memoryBytes,
            TrainingJournal journal) {
        this.backbone = backbone;
        this.config = config;
        this.listener = listener;
        this.memoryBytes = memoryBytes;
        this.journal = journal;
    }

    /**
     * What training made beside the backbone's new weights.
     *
     * @param head head of the chosen epoch
     * @param chosenEpoch the epoch with the least validation loss, from 1
     * @param history one entry an epoch
     * @param trainedLayers names of the trained layers, in the graph's order
     */
    public record Outcome(
            LinearHead head,
            int chosenEpoch,
            List<EpochSummary> history,
            List<String> trainedLayers) {

        /** Copies the lists. */
        public Outcome {
            history = List.copyOf(history);
            trainedLayers = List.copyOf(trainedLayers);
        }

        /**
         * Scores the validation images with the engine that will score all others.
         *
         * @param spec of the trained backbone
         * @param engine runs the trained backbone; left open
         * @param data what the run was given
         * @param config what the run was given
         * @param listener is told of progress and may cancel
         * @return the complete result
         */
        public FineTuneResult with(
                BackboneSpec spec,
                InferenceEngine engine,
                FittingData data,
                FineTuneConfig config,
                FineTuneListener listener) {
            FeatureStore store = new FeatureStore(spec, engine, KeptRows.none());
            ViewedImages plain = ViewedImages.plain(data.validation());
            LabelledFeatures validation =
                    store.features(plain.requests(), plain.labels(), config, listener);
            return new FineTuneResult(
                    head,
                    chosenEpoch,
                    history,
                    validation.scored(head),
                    trainedLayers,
                    new CrossFitting(store));
        }
    }

    /**
     * Runs a fine-tuning. The same backbone, images and configuration give the same weights, bit
     * for bit, on one machine with one number of threads.
     *
     * @param backbone pre-trained network; its trained layers hold the weights of the chosen epoch
     *     afterwards, and are as they were if this fails
     * @param data training and validation images
     * @param config the recipe, with {@link FineTuneConfig#trainable} other than {@link HeadOnly}
     * @param listener is told of progress and may cancel
     * @return head, history and names of the trained layers
     * @throws IllegalArgumentException if the backbone has no such layer; the message lists its
     *     layers
     * @throws IllegalStateException if there is no room for the activations at the cut, or training
     *     diverged; the message says what to do
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static Outcome run(
            Backbone backbone, FittingData data, FineTuneConfig config, FineTuneListener listener) {
        return run(backbone, data, config, listener, TrainingJournal.none());
    }

    /**
     * Runs a fine-tuning that keeps what it has done, and goes on from what an earlier run kept.
     * The result is the same as without.
     *
     * @param backbone as for {@link #run(Backbone, FittingData, FineTuneConfig, FineTuneListener)}
     * @param data as there
     * @param config as there
     * @param listener is told of progress and of what was kept, and may cancel
     * @param journal where work is kept; left open
     * @return as there
     * @throws IllegalArgumentException as there
     * @throws IllegalStateException as there
     * @throws java.io.UncheckedIOException if an epoch cannot be kept
     * @throws org.deepcovid.core.DatasetException as there
     * @throws java.util.concurrent.CancellationException as there
     */
    public static Outcome run(
            Backbone backbone,
            FittingData data,
            FineTuneConfig config,
            FineTuneListener listener,
            TrainingJournal journal) {
        DeepCovidRuntime.initialise();
        long memoryBytes = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        return new LayerTuner(backbone, config, listener, memoryBytes, journal).run(data);
    }

    /** Without a journal, with another limit of memory for activations. */
    static Outcome run(
            Backbone backbone,
            FittingData data,
            FineTuneConfig config,
            FineTuneListener listener,
            long memoryBytes) {
        DeepCovidRuntime.initialise();
        return new LayerTuner(backbone, config, listener, memoryBytes, TrainingJournal.none())
                .run(data);
    }

    private Outcome run(FittingData data) {
        List<ViewedImages> rounds =
                ViewedImages.rounds(
                        data.training(),
                        config.augmentationPlan(),
                        new SplittableRandom(config.seed()));
        ViewedImages all = ViewedImages.all(rounds, data.validation());
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
            Kept kept = kept(all, cut, frozen);
            Optional<EpochState> earlier = kept.epochs().read();
            boolean complete = earlier.filter(e -> e.epoch() == config.epochs()).isPresent();
            List<ImageRequest> needed = complete ? List.of() : all.requests();
            try (RowStore rows = activations(needed, frozen, kept.rows())) {
                Outcome outcome =
                        new LayerEpochs(
                                        network,
                                        new CutActivations(rows, frozen.shapes(), all.labels()),
                                        rounds.size(),
                                        rounds.get(0).size(),
                                        weights,
                                        config,
                                        listener,
                                        kept.epochs())
                                .train(earlier);
                network.copyInto(backbone);
                return outcome;
            }
        }
    }

    /** Where work is kept, and what an earlier run left. */
    private record Kept(KeptRows rows, KeptEpochs epochs) {}

    private Kept kept(ViewedImages images, NetworkCut cut, FrozenPart frozen) {
        if (!journal.keeps()) {
            return new Kept(KeptRows.none(), KeptEpochs.none());
        }
        keys.prepare(images.requests());
        String network = RunIdentity.network(backbone, cut.boundary().toString(), frozen.engine());
        long bytes =
                frozen.isWorthKeeping()
                        ? (long) images.size() * frozen.rowLength() * Float.BYTES
                        : 0;
        KeptRows rows = journal.rows(network, bytes, listener);
        KeptEpochs epochs =
                journal.epochs(RunIdentity.epochs(network, config, images, keys), listener);
        return new Kept(frozen.isWorthKeeping() ? rows : KeptRows.none(), epochs);
    }

    private List<Double> weights(ViewedImages round) {
        List<float[]> none = IntStream.range(0, round.size()).mapToObj(i -> new float[0]).toList();
        List<String> ids = round.requests().stream().map(ImageRequest::id).toList();
        double[] weights =
                new LabelledFeatures(ids, round.labels(), none).classWeights(config.balance());
        return Arrays.stream(weights).boxed().toList();
    }

    private RowStore activations(List<ImageRequest> requests, FrozenPart frozen, KeptRows kept) {
        RowStore rows =
                RowStore.of(
                        requests.size(),
                        frozen.rowLength(),
                        memoryBytes,
                        Path.of(System.getProperty("java.io.tmpdir")));
        Preprocessing preprocessing =
                new Preprocessing(backbone.spec().inputSize(), backbone.spec().normalization());
        try {
            new ImagePass(
                            preprocessing,
                            batch -> frozen.rows(batch.images(), batch.size()),
                            frozen.batching(),
                            kept,
                            keys)
                    .run(requests, config, listener, (request, row) -> rows.add(row));
            return rows;
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }
}
