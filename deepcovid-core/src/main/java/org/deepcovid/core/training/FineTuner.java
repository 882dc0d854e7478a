package org.deepcovid.core.training;

import static org.deepcovid.core.training.HeadTrainer.stopIfCancelled;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageBatches;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/**
 * Trains a head on a frozen backbone: one pass over the images for their features, then epochs over
 * the features alone. Most callers use {@link org.deepcovid.core.CovidClassifier#fineTune}.
 */
public final class FineTuner {

    private final BackboneSpec spec;
    private final InferenceEngine engine;
    private final FineTuneConfig config;
    private final FineTuneListener listener;

    private FineTuner(
            BackboneSpec spec,
            InferenceEngine engine,
            FineTuneConfig config,
            FineTuneListener listener) {
        this.spec = spec;
        this.engine = engine;
        this.config = config;
        this.listener = listener;
    }

    /**
     * Runs a fine-tuning. The same backbone, images and configuration give the same head, bit for
     * bit, on one machine with one number of threads.
     *
     * @param spec what the pre-trained network promises
     * @param engine runs the network, which stays as it is; left open
     * @param data training and validation images
     * @param config the recipe
     * @param listener is told of progress and may cancel
     * @return head, history and validation scores
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static FineTuneResult run(
            BackboneSpec spec,
            InferenceEngine engine,
            FittingData data,
            FineTuneConfig config,
            FineTuneListener listener) {
        DeepCovidRuntime.initialise();
        return new FineTuner(spec, engine, config, listener).run(data);
    }

    private FineTuneResult run(FittingData data) {
        List<ImageRequest> requests = new ArrayList<>();
        List<CovidLabel> labels = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(config.seed());
        int rounds = config.augmentationPlan().rounds();
        for (int round = 0; round < rounds; round++) {
            for (LabelledImage image : data.training()) {
                for (ImageRequest view : config.augmentationPlan().views(image, seeds)) {
                    requests.add(view);
                    labels.add(image.label());
                }
            }
        }
        int roundSize = requests.size() / rounds;
        for (LabelledImage image : data.validation()) {
            requests.add(ImageRequest.plain(image.id(), image.file()));
            labels.add(image.label());
        }
        LabelledFeatures features = features(requests, labels);
        List<LabelledFeatures> training = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            training.add(features.slice(round * roundSize, (round + 1) * roundSize));
        }
        LabelledFeatures validation = features.slice(rounds * roundSize, features.size());
        HeadTrainer.Outcome outcome = new HeadTrainer(config, training, validation).train(listener);
        return new FineTuneResult(
                outcome.head(),
                outcome.bestEpoch(),
                outcome.history(),
                scores(outcome, validation));
    }

    private LabelledFeatures features(List<ImageRequest> requests, List<CovidLabel> labels) {
        Preprocessing preprocessing = new Preprocessing(spec.inputSize(), spec.normalization());
        List<float[]> rows = new ArrayList<>(requests.size());
        listener.onProgress(FineTuneListener.Stage.FEATURES, 0, requests.size());
        try (ImageBatches batches =
                ImageBatches.load(
                        requests,
                        preprocessing,
                        config.inferenceBatchSize(),
                        config.decodeThreads())) {
            while (batches.hasNext()) {
                stopIfCancelled(listener);
                ImageBatch batch = batches.next();
                FloatTensor features = engine.features(batch.images());
                for (int i = 0; i < batch.size(); i++) {
                    rows.add(features.row(i));
                }
                listener.onProgress(FineTuneListener.Stage.FEATURES, rows.size(), requests.size());
            }
        }
        List<String> ids = requests.stream().map(ImageRequest::id).toList();
        return new LabelledFeatures(ids, labels, rows);
    }

    private static List<ScoredImage> scores(HeadTrainer.Outcome outcome, LabelledFeatures images) {
        List<ScoredImage> scores = new ArrayList<>(images.size());
        for (int i = 0; i < images.size(); i++) {
            double[] p = outcome.head().probabilities(images.rows().get(i));
            scores.add(
                    new ScoredImage(
                            images.ids().get(i),
                            images.labels().get(i),
                            p[CovidLabel.COVID.classIndex()]));
        }
        return scores;
    }
}
