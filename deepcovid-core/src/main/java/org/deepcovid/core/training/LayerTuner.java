package org.deepcovid.core.training;

import static org.deepcovid.core.training.HeadTrainer.stopIfCancelled;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageBatches;
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

    private LayerTuner(
            Backbone backbone, FineTuneConfig config, FineTuneListener listener, long memoryBytes) {
        this.backbone = backbone;
        this.config = config;
        this.listener = listener;
        this.memoryBytes = memoryBytes;
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
            FeatureStore store = new FeatureStore(spec, engine);
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
        long memoryBytes = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        return run(backbone, data, config, listener, memoryBytes);
    }

    /** The same with another limit of memory for activations. */
    static Outcome run(
            Backbone backbone,
            FittingData data,
            FineTuneConfig config,
            FineTuneListener listener,
            long memoryBytes) {
        DeepCovidRuntime.initialise();
        return new LayerTuner(backbone, config, listener, memoryBytes).run(data);
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
                FrozenPart frozen = FrozenPart.of(backbone, cut);
                RowStore rows = activations(all.requests(), frozen)) {
            CutActivations activations = new CutActivations(rows, frozen.shapes(), all.labels());
            Outcome outcome =
                    new LayerEpochs(
                                    network,
                                    activations,
                                    rounds.size(),
                                    rounds.get(0).size(),
                                    weights,
                                    config,
                                    listener)
                            .train();
            network.copyInto(backbone);
            return outcome;
        }
    }

    private List<Double> weights(ViewedImages round) {
        List<float[]> none = IntStream.range(0, round.size()).mapToObj(i -> new float[0]).toList();
        List<String> ids = round.requests().stream().map(ImageRequest::id).toList();
        double[] weights =
                new LabelledFeatures(ids, round.labels(), none).classWeights(config.balance());
        return Arrays.stream(weights).boxed().toList();
    }

    private RowStore activations(List<ImageRequest> requests, FrozenPart frozen) {
        int images = requests.size();
        RowStore rows =
                RowStore.of(
                        images,
                        frozen.rowLength(),
                        memoryBytes,
                        Path.of(System.getProperty("java.io.tmpdir")));
        Preprocessing preprocessing =
                new Preprocessing(backbone.spec().inputSize(), backbone.spec().normalization());
        listener.onProgress(FineTuneListener.Stage.FEATURES, 0, images);
        try (ImageBatches batches =
                ImageBatches.load(
                        requests,
                        preprocessing,
                        config.inferenceBatchSize(),
                        config.decodeThreads())) {
            while (batches.hasNext()) {
                stopIfCancelled(listener);
                ImageBatch batch = batches.next();
                frozen.rows(batch.images(), batch.size()).forEach(rows::add);
                listener.onProgress(FineTuneListener.Stage.FEATURES, rows.size(), images);
            }
            return rows;
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }
}
