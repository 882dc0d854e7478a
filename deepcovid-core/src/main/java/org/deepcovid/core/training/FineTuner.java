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
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/**
 * Trains a head on a frozen backbone: one pass over the images for their features, then epochs over
 * the features alone. Most callers use {@link org.deepcovid.core.CovidClassifier#fineTune}.
 */
public final class FineTuner {

    private final Backbone backbone;
    private final FineTuneConfig config;
    private final FineTuneListener listener;

    private FineTuner(Backbone backbone, FineTuneConfig config, FineTuneListener listener) {
        this.backbone = backbone;
        this.config = config;
        this.listener = listener;
    }

    /**
     * Runs a fine-tuning. The same backbone, images and configuration give the same head, bit for
     * bit, on one machine with one number of threads.
     *
     * @param backbone pre-trained network, left unchanged
     * @param data training and validation images
     * @param config the recipe
     * @param listener is told of progress and may cancel
     * @return head, history and validation scores
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static FineTuneResult run(
            Backbone backbone, FittingData data, FineTuneConfig config, FineTuneListener listener) {
        DeepCovidRuntime.initialise();
        return new FineTuner(backbone, config, listener).run(data);
    }

    private FineTuneResult run(FittingData data) {
        List<ImageRequest> requests = new ArrayList<>();
        List<CovidLabel> labels = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(config.seed());
        for (LabelledImage image : data.training()) {
            int copies = image.label() == CovidLabel.COVID ? config.positiveCopies() : 1;
            for (int copy = 0; copy < copies; copy++) {
                requests.add(
                        copy == 0
                                ? ImageRequest.plain(image.id(), image.file())
                                : ImageRequest.augmented(
                                        image.id(),
                                        image.file(),
                                        config.augmentation(),
                                        seeds.nextLong()));
                labels.add(image.label());
            }
        }
        int trainingSize = requests.size();
        for (LabelledImage image : data.validation()) {
            requests.add(ImageRequest.plain(image.id(), image.file()));
            labels.add(image.label());
        }
        LabelledFeatures features = features(requests, labels);
        LabelledFeatures training = features.slice(0, trainingSize);
        LabelledFeatures validation = features.slice(trainingSize, features.size());
        HeadTrainer.Outcome outcome = new HeadTrainer(config, training, validation).train(listener);
        return new FineTuneResult(
                outcome.head(),
                outcome.bestEpoch(),
                outcome.history(),
                scores(outcome, validation));
    }

    private LabelledFeatures features(List<ImageRequest> requests, List<CovidLabel> labels) {
        Preprocessing preprocessing =
                new Preprocessing(backbone.spec().inputSize(), backbone.spec().normalization());
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
                rows.addAll(List.of(backbone.features(batch.images()).toFloatMatrix()));
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
