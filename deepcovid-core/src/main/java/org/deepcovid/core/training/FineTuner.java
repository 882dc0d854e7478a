package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.model.LinearHead;
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
        DeepCovidRuntime.initialise();
        FeatureCache cache = new FeatureCache(extractor);
        List<FineTuneResult> members = new ArrayList<>();
        for (FineTuneConfig single : config.single()) {
            Optional<FineTuneResult> first = members.stream().findFirst();
            members.add(single(cache, data, single, options, first));
        }
        return members.size() == 1 ? members.get(0) : mean(cache, data, members, options);
    }

    private static FineTuneResult mean(
            FeatureCache cache,
            FittingData data,
            List<FineTuneResult> members,
            RunOptions options) {
        FineTuneResult first = members.get(0);
        LinearHead head = LinearHead.mean(members.stream().map(FineTuneResult::head).toList());
        AugmentedImages validation = AugmentedImages.plain(data.labels(), data.validation());
        return new FineTuneResult(
                head,
                first.chosenEpoch(),
                first.history(),
                cache.features(validation, options.listener()).scored(head),
                List.of(),
                first.crossFitting(),
                first.inputCheck(),
                members);
    }

    /**
     * Trains one head.
     *
     * @param first a head trained with another seed; shares its description of the images
     */
    private static FineTuneResult single(
            FeatureCache cache,
            FittingData data,
            FineTuneConfig config,
            RunOptions options,
            Optional<FineTuneResult> first) {
        FineTuneListener listener = options.listener();
        List<AugmentedImages> rounds =
                AugmentedImages.rounds(data.labels(), data.training(), config, config.seed());
        LabelledFeatures features =
                cache.features(AugmentedImages.all(rounds, data.validation()), listener);
        listener.onNearCopies(data.requireSeparatePictures(options.nearCopies()));
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
                first.isPresent()
                        ? first.get().inputCheck()
                        : InputDescription.of(cache, data, config.seed(), listener),
                List.of());
    }
}
