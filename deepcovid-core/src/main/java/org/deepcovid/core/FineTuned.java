package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageChange;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.FittedGroups;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.provenance.WritingTime;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.CrossFitting.FoldHeads;
import org.deepcovid.core.training.CrossFitting.PrecisionSample;
import org.deepcovid.core.training.EpochSummary;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.FineTuneResult;
import org.deepcovid.core.training.FineTuner;
import org.deepcovid.core.training.LayerTuner;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.core.training.PrecisionCheck;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A finished fine-tuning: the classifier, the history of the epochs, and scores to choose a
 * threshold on. It owns the network: close it when its classifiers are no longer used.
 *
 * <pre>{@code
 * try (FineTuned run = CovidClassifier.fineTune(backbone, split.fitting())) {
 *     run.classifier().save(Path.of("my.deepcovid"));
 * }
 * }</pre>
 */
public final class FineTuned implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FineTuned.class);

    /** Images with the positive label, and without it, on which precisions are compared. */
    private static final int PRECISION_IMAGES = 50;

    private final ClassifierNetwork network;
    private final boolean ownsNetwork;
    private final CovidClassifier classifier;
    private final FittingData data;
    private final FineTuneResult result;
    private final RunOptions options;
    private final List<FineTuned> members;
    private Optional<FoldHeads> foldHeads = Optional.empty();
    private final Optional<PrecisionSample> precisionSample;

    private FineTuned(
            ClassifierNetwork network,
            boolean ownsNetwork,
            CovidClassifier classifier,
            FittingData data,
            FineTuneResult result,
            RunOptions options,
            List<FineTuned> members,
            Optional<PrecisionSample> sample) {
        this.precisionSample = sample;
        this.network = network;
        this.ownsNetwork = ownsNetwork;
        this.classifier = classifier;
        this.data = data;
        this.result = result;
        this.options = options;
        this.members = List.copyOf(members);
    }

    /** Fine-tunes; the backbone is closed with the result, or at once if this fails. */
    static FineTuned run(
            Backbone backbone, FittingData data, FineTuneConfig config, RunOptions options) {
        requireNonNull(backbone, "backbone is null");
        try {
            Function<FeatureExtractor, FineTuneResult> training =
                    training(backbone, data, config, options);
            Precision precision = precision(config, options);
            FineTuned run = run(backbone, data, config, options, training, precision);
            Optional<String> problem = run.precisionCheck().flatMap(PrecisionCheck::problem);
            if (problem.isEmpty()) {
                return run;
            }
            run.network.engine().close();
            if (options.precision().isPresent()) {
                throw new IllegalStateException(
                        "%s changes the scores too much: %s. Ask for float32"
                                .formatted(precision.id(), problem.get()));
            }
            LOG.warn("float32 instead of {}: {}", precision.id(), problem.get());
            return run(backbone, data, config, options, training, Precision.FLOAT32);
        } catch (RuntimeException | Error e) {
            backbone.close();
            throw e;
        }
    }

    private static FineTuned run(
            Backbone backbone,
            FittingData data,
            FineTuneConfig config,
            RunOptions options,
            Function<FeatureExtractor, FineTuneResult> training,
            Precision precision) {
        // after training of layers: a compiled engine keeps the weights it was made with
        InferenceEngine engine = InferenceEngine.of(backbone, precision);
        try {
            FeatureExtractor extractor =
                    options.extractor(backbone, engine).with(config.standardization());
            FineTuneResult result = training.apply(extractor);
            ClassifierNetwork network = ClassifierNetwork.of(backbone, engine);
            Optional<PrecisionSample> sample =
                    precision == Precision.FLOAT32
                            ? Optional.empty()
                            : Optional.of(
                                    sample(backbone, precision, data, config, options, result));
            return of(network, true, extractor, data, config, result, options, sample);
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    private static Precision precision(FineTuneConfig config, RunOptions options) {
        boolean layers = !(config.trainable() instanceof HeadOnly);
        Precision wanted =
                options.precision()
                        .orElse(
                                !layers && InferenceEngine.accelerates(Precision.BFLOAT16)
                                        ? Precision.BFLOAT16
                                        : Precision.FLOAT32);
        if (layers && wanted != Precision.FLOAT32) {
            throw new IllegalArgumentException(
                    "layers are trained in float32 only, but %s was asked for; ask for float32, or train the head alone"
                            .formatted(wanted.id()));
        }
        return wanted;
    }

    /** Scores of some fitting images in this precision and in float32. */
    private static PrecisionSample sample(
            Backbone backbone,
            Precision precision,
            FittingData data,
            FineTuneConfig config,
            RunOptions options,
            FineTuneResult result) {
        FineTuneResult one = result.members().isEmpty() ? result : result.members().get(0);
        try (InferenceEngine single = InferenceEngine.of(backbone, Precision.FLOAT32)) {
            FeatureExtractor extractor =
                    options.extractor(backbone, single).with(config.standardization());
            return one.crossFitting()
                    .heads(
                            data,
                            one.head(),
                            config.withMeanOf(1),
                            one.chosenEpoch(),
                            options.listener())
                    .sample(precision, extractor, PRECISION_IMAGES, config.seed());
        }
    }

    private Optional<PrecisionCheck> precisionCheck() {
        return classifier.provenance().precisionCheck();
    }

    /**
     * How many images of {@link ModelProvenance#precisionCheck()} are called otherwise than in
     * float32.
     *
     * @param threshold as of {@link DecisionThreshold}
     * @return empty if the precision is float32
     */
    public OptionalLong precisionFlips(double threshold) {
        return precisionSample.stream().mapToLong(s -> s.flips(threshold)).findFirst();
    }

    private static FineTuned of(
            ClassifierNetwork network,
            boolean ownsNetwork,
            FeatureExtractor extractor,
            FittingData data,
            FineTuneConfig config,
            FineTuneResult result,
            RunOptions options,
            Optional<PrecisionSample> sample) {
        List<FineTuned> members = new ArrayList<>();
        for (FineTuneResult member : result.members()) {
            FineTuneConfig single = config.withMeanOf(1).withSeed(config.seed() + members.size());
            members.add(of(network, false, extractor, data, single, member, options, sample));
        }
        CovidClassifier classifier =
                CovidClassifier.borrowing(
                        network,
                        extractor,
                        options.listener(),
                        result.head(),
                        data.labels(),
                        provenance(network, data, config, result, sample),
                        result.inputCheck());
        return new FineTuned(
                network, ownsNetwork, classifier, data, result, options, members, sample);
    }

    private static Function<FeatureExtractor, FineTuneResult> training(
            Backbone backbone, FittingData data, FineTuneConfig config, RunOptions options) {
        if (config.trainable() instanceof HeadOnly) {
            return extractor -> FineTuner.run(extractor, data, config, options);
        }
        LayerTuner.Outcome trained = LayerTuner.run(backbone, data, config, options);
        return extractor -> trained.with(extractor, data, config.seed(), options.listener());
    }

    private static ModelProvenance provenance(
            ClassifierNetwork network,
            FittingData data,
            FineTuneConfig config,
            FineTuneResult result,
            Optional<PrecisionSample> sample) {
        return new ModelProvenance(
                config,
                network.backbone().origin(),
                result.trainedLayers(),
                DataFingerprint.of(data.labels(), data.training()),
                DataFingerprint.of(data.labels(), data.validation()),
                result.chosenEpoch(),
                result.history(),
                DeepCovidRuntime.initialise(),
                WritingTime.now().toString(),
                ModelProvenance.shortHashes(fitted(data).toList()),
                FittedGroups.of(data.labels(), fitted(data).toList()),
                data.layout(),
                sample.map(PrecisionSample::check));
    }

    private static Stream<LabelledImage> fitted(FittingData data) {
        return Stream.concat(data.training().stream(), data.validation().stream());
    }

    /**
     * The classifier without a threshold.
     *
     * @return usable until this run is closed; its own {@code close()} has no effect
     */
    public CovidClassifier classifier() {
        return classifier;
    }

    /**
     * The classifier with a threshold.
     *
     * @param threshold chosen on {@link #outOfFoldScores()} or {@link #validationScores()}
     * @return usable until this run is closed; its own {@code close()} has no effect
     */
    public CovidClassifier classifier(DecisionThreshold threshold) {
        return classifier.withThreshold(threshold);
    }

    /**
     * The classifier with calibration, threshold and label sets.
     *
     * @param decisions chosen on {@link #outOfFoldScores()}
     * @return usable until this run is closed; its own {@code close()} has no effect
     */
    public CovidClassifier classifier(Decisions decisions) {
        return classifier.with(decisions);
    }

    /** Losses of the epochs. */
    public List<EpochSummary> history() {
        return result.history();
    }

    /** Scores of the validation images by the head of the chosen epoch. */
    public List<ScoredImage> validationScores() {
        return result.validationScores();
    }

    /**
     * Scores of all training and validation images, none of them by a head that was fitted to it,
     * to choose a threshold on. Computed at the first call, from the features of this run: see
     * {@link org.deepcovid.core.training.CrossFitting}. The listener of the run receives the
     * progress and may cancel.
     *
     * @return the same at every call
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public OutOfFoldScores outOfFoldScores() {
        return scores(FoldHeads::scores);
    }

    /**
     * Scores of changed copies of all training and validation images, as {@link
     * #outOfFoldScores()}: to compare recipes under changes without test images.
     *
     * @param change such as an {@link org.deepcovid.core.image.Alteration}, seeded by the recipe
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public OutOfFoldScores outOfFoldScores(ImageChange change) {
        long seed = classifier.provenance().config().seed();
        return scores(heads -> heads.scores(change, seed));
    }

    private OutOfFoldScores scores(Function<FoldHeads, OutOfFoldScores> scoring) {
        return members.isEmpty()
                ? scoring.apply(foldHeads())
                        .withPretrainedOn(classifier.provenance().pretrainedOn())
                : OutOfFoldScores.meanOfLogits(
                        members.stream().map(member -> member.scores(scoring)).toList());
    }

    /**
     * The runs of the single heads, where the recipe keeps the mean of several ({@link
     * FineTuneConfig#withMeanOf}).
     *
     * @return in the order of their seeds, usable until this run is closed; empty for a single head
     */
    public List<FineTuned> members() {
        return members;
    }

    private synchronized FoldHeads foldHeads() {
        if (foldHeads.isEmpty()) {
            ModelProvenance provenance = classifier.provenance();
            foldHeads =
                    Optional.of(
                            result.crossFitting()
                                    .heads(
                                            data,
                                            result.head(),
                                            provenance.config(),
                                            provenance.chosenEpoch(),
                                            options.listener()));
        }
        return foldHeads.get();
    }

    /**
     * Checks that no test image is a near copy of an image of this run, or of a test image with
     * another label; see {@link org.deepcovid.core.data.NearCopies}.
     *
     * @param test images; decoded if they were not before
     * @throws DatasetException naming the images, unless this run allows near copies
     */
    public void requireSeparatePictures(List<LabelledImage> test) {
        data.requireSeparatePictures(test, options.nearCopies());
    }

    /**
     * Releases the network; the run's classifiers cannot be used afterwards. Has no effect on
     * {@link #members()}.
     */
    @Override
    public void close() {
        if (ownsNetwork) {
            network.close();
        }
    }
}
