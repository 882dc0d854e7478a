package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
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
     * @param backbone the pre-trained network, which stays as it is
     * @param engine runs that network; left open
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static FineTuneResult run(
            Backbone backbone,
            InferenceEngine engine,
            FittingData data,
            FineTuneConfig config,
            RunOptions options) {
        DeepCovidRuntime.initialise();
        FeatureExtractor extractor =
                FeatureExtractor.of(backbone.spec(), engine)
                        .with(options.decodeThreads(), options.graphBatchSize());
        if (options.work().keeps()) {
            extractor =
                    extractor.with(
                            options.work(),
                            NetworkIdentity.of(
                                    backbone, "pooled features", engine.report().runtime()));
        }
        FeatureCache cache = new FeatureCache(extractor);
        List<AugmentedImages> rounds =
                AugmentedImages.rounds(
                        data.labels(),
                        data.training(),
                        config.augmentationPlan(),
                        new SplittableRandom(config.seed()));
        LabelledFeatures features =
                cache.features(AugmentedImages.all(rounds, data.validation()), options.listener());
        List<LabelledFeatures> training = new ArrayList<>();
        int from = 0;
        for (AugmentedImages round : rounds) {
            training.add(features.slice(from, from + round.size()));
            from += round.size();
        }
        LabelledFeatures validation = features.slice(from, features.size());
        HeadTrainer.Outcome outcome =
                new HeadTrainer(config, training).train(validation, options.listener());
        return new FineTuneResult(
                outcome.head(),
                outcome.bestEpoch(),
                outcome.history(),
                validation.scored(outcome.head()),
                List.of(),
                new CrossFitting(cache));
    }
}
