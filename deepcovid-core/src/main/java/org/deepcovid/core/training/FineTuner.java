package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
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
    private final KeptRows kept;

    private FineTuner(
            BackboneSpec spec,
            InferenceEngine engine,
            FineTuneConfig config,
            FineTuneListener listener,
            KeptRows kept) {
        this.spec = spec;
        this.engine = engine;
        this.config = config;
        this.listener = listener;
        this.kept = kept;
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
        return new FineTuner(spec, engine, config, listener, KeptRows.none()).run(data);
    }

    /**
     * Runs a fine-tuning that keeps its features as they come, and goes on from those that an
     * earlier run kept. The result is the same as without.
     *
     * @param backbone the pre-trained network, which stays as it is
     * @param engine runs that network; left open
     * @param data training and validation images
     * @param config the recipe
     * @param listener is told of progress and of what was kept, and may cancel
     * @param journal where features are kept; left open, and written to by the result's {@link
     *     FineTuneResult#crossFitting()} too
     * @return head, history and validation scores
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static FineTuneResult run(
            Backbone backbone,
            InferenceEngine engine,
            FittingData data,
            FineTuneConfig config,
            FineTuneListener listener,
            TrainingJournal journal) {
        DeepCovidRuntime.initialise();
        KeptRows kept = KeptRows.none();
        if (journal.keeps()) {
            String network =
                    RunIdentity.network(backbone, "pooled features", engine.report().runtime());
            kept = journal.rows(network, 0, listener);
        }
        return new FineTuner(backbone.spec(), engine, config, listener, kept).run(data);
    }

    private FineTuneResult run(FittingData data) {
        List<ViewedImages> rounds =
                ViewedImages.rounds(
                        data.training(),
                        config.augmentationPlan(),
                        new SplittableRandom(config.seed()));
        ViewedImages all = ViewedImages.all(rounds, data.validation());
        FeatureStore store = new FeatureStore(spec, engine, kept);
        LabelledFeatures features = store.features(all.requests(), all.labels(), config, listener);
        List<LabelledFeatures> training = new ArrayList<>();
        int from = 0;
        for (ViewedImages round : rounds) {
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
                new CrossFitting(store));
    }
}
