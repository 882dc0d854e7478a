package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/**
 * Trains a head on a frozen backbone: one pass over the images for their features, then epochs over
 * the features alone. See {@link org.deepcovid.core.CovidClassifier#fineTune}.
 */
public final class FineTuner {

    private FineTuner() {}

    /**
     * Runs a fine-tuning. The same backbone, images and configuration give the same head, bit for
     * bit, on one machine with one number of threads, whether or not the run was interrupted.
     *
     * @param extractor computes features of the pre-trained network
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static FineTuneResult run(
            FeatureExtractor extractor,
            FittingData data,
            FineTuneConfig config,
            RunOptions options) {
        FineTuneListener listener = options.listener();
        DeepCovidRuntime.initialise();
        FeatureCache cache = new FeatureCache(extractor);
        List<AugmentedImages> rounds =
                AugmentedImages.rounds(
                        data.labels(),
                        data.training(),
                        config.augmentationPlan(),
                        new SplittableRandom(config.seed()));
        LabelledFeatures features =
                cache.features(AugmentedImages.all(rounds, data.validation()), listener);
        data.requireSeparatePictures(options.nearCopies());
        List<LabelledFeatures> training = new ArrayList<>();
        int from = 0;
        for (AugmentedImages round : rounds) {
            training.add(features.slice(from, from + round.size()));
            from += round.size();
        }
        LabelledFeatures validation = features.slice(from, features.size());
        HeadTrainer.Outcome outcome = new HeadTrainer(config, training).train(validation, listener);
        return new FineTuneResult(
                outcome.head(),
                outcome.bestEpoch(),
                outcome.history(),
                validation.scored(outcome.head()),
                List.of(),
                new CrossFitting(cache),
                InputDescription.of(cache, data, config.seed(), listener));
    }
}
