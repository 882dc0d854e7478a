package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.inference.EngineReport;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.InferenceEngines;
import org.deepcovid.core.inference.onnx.OnnxExport;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.CrossFittedScores;
import org.deepcovid.core.training.CrossFitting;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.FineTuneListener;
import org.deepcovid.core.training.FineTuneResult;
import org.deepcovid.core.training.FineTuner;
import org.deepcovid.core.training.HeadOnly;
import org.deepcovid.core.training.LayerTuner;
import org.deepcovid.core.training.TrainingJournal;

/**
 * A radiograph classifier: a pre-trained backbone, a head fine-tuned on it, and what made them.
 *
 * <p>Its answers are scores of a research model. It is not a diagnostic device.
 *
 * <p>A classifier is safe to use from several threads and gives each the same answers. It holds
 * native memory: close it.
 */
public final class CovidClassifier implements AutoCloseable {

    private final BackboneSpec spec;
    private final LazyBackbone backbone;
    private final InferenceEngine engine;
    private final LinearHead head;
    private final ModelProvenance provenance;
    private final Optional<DecisionThreshold> threshold;
    private final List<ScoredImage> validationScores;
    private final CrossFitting crossFitting;

    CovidClassifier(
            BackboneSpec spec,
            LazyBackbone backbone,
            InferenceEngine engine,
            LinearHead head,
            ModelProvenance provenance,
            Optional<DecisionThreshold> threshold,
            List<ScoredImage> validationScores,
            CrossFitting crossFitting) {
        this.spec = requireNonNull(spec, "spec is null");
        this.backbone = requireNonNull(backbone, "backbone is null");
        this.engine = requireNonNull(engine, "engine is null");
        this.head = requireNonNull(head, "head is null");
        this.provenance = requireNonNull(provenance, "provenance is null");
        this.threshold = requireNonNull(threshold, "threshold is null");
        this.validationScores = List.copyOf(validationScores);
        this.crossFitting = requireNonNull(crossFitting, "crossFitting is null");
    }

    /**
     * Fine-tunes by the paper's recipe, {@link FineTuneConfig#defaults()}.
     *
     * @param backbone pre-trained network; the classifier takes it over and closes it
     * @param data training and validation images
     * @return the classifier, without a threshold
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     */
    public static CovidClassifier fineTune(Backbone backbone, FittingData data) {
        return fineTune(backbone, data, FineTuneConfig.defaults());
    }

    /**
     * Fine-tunes by a recipe.
     *
     * @param backbone pre-trained network; the classifier takes it over and closes it
     * @param data training and validation images
     * @param config the recipe
     * @return the classifier, without a threshold
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     */
    public static CovidClassifier fineTune(
            Backbone backbone, FittingData data, FineTuneConfig config) {
        return fineTune(backbone, data, config, FineTuneListener.SILENT);
    }

    /**
     * Fine-tunes by a recipe, telling a listener.
     *
     * @param backbone pre-trained network; the classifier takes it over and closes it. If the
     *     recipe trains layers of it, its parameters are changed in place
     * @param data training and validation images
     * @param config the recipe
     * @param listener is told of progress and may cancel
     * @return the classifier, without a threshold
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static CovidClassifier fineTune(
            Backbone backbone, FittingData data, FineTuneConfig config, FineTuneListener listener) {
        return fineTune(backbone, data, config, listener, TrainingJournal.none());
    }

    /**
     * Fine-tunes by a recipe, keeping what is done, so that an interrupted run can be resumed. The
     * classifier is the same, bit for bit, whether and however often the run was interrupted.
     *
     * @param backbone as for {@link #fineTune(Backbone, FittingData, FineTuneConfig,
     *     FineTuneListener)}; the same in every run
     * @param data training and validation images
     * @param config the recipe
     * @param listener is told of progress and of what an earlier run left, and may cancel
     * @param journal where work is kept; {@linkplain TrainingJournal#finish finished} by the caller
     *     once the classifier is saved. {@link #crossFittedScores} keeps features in it too
     * @return the classifier, without a threshold
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static CovidClassifier fineTune(
            Backbone backbone,
            FittingData data,
            FineTuneConfig config,
            FineTuneListener listener,
            TrainingJournal journal) {
        return config.trainable() instanceof HeadOnly
                ? withFrozenBackbone(backbone, data, config, listener, journal)
                : withTrainedLayers(backbone, data, config, listener, journal);
    }

    private static CovidClassifier withFrozenBackbone(
            Backbone backbone,
            FittingData data,
            FineTuneConfig config,
            FineTuneListener listener,
            TrainingJournal journal) {
        InferenceEngine engine = InferenceEngines.of(backbone);
        try {
            FineTuneResult result =
                    FineTuner.run(backbone, engine, data, config, listener, journal);
            return of(backbone, engine, provenance(backbone, data, config, result), result);
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    /** The engine is made after training, since a compiled one keeps the weights it began with. */
    private static CovidClassifier withTrainedLayers(
            Backbone backbone,
            FittingData data,
            FineTuneConfig config,
            FineTuneListener listener,
            TrainingJournal journal) {
        LayerTuner.Outcome trained = LayerTuner.run(backbone, data, config, listener, journal);
        InferenceEngine engine = InferenceEngines.of(backbone);
        try {
            FineTuneResult result = trained.with(backbone.spec(), engine, data, config, listener);
            return of(backbone, engine, provenance(backbone, data, config, result), result);
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    private static CovidClassifier of(
            Backbone backbone,
            InferenceEngine engine,
            ModelProvenance provenance,
            FineTuneResult result) {
        return new CovidClassifier(
                backbone.spec(),
                LazyBackbone.of(backbone),
                engine,
                result.head(),
                provenance,
                Optional.empty(),
                result.validationScores(),
                result.crossFitting());
    }

    private static ModelProvenance provenance(
            Backbone backbone, FittingData data, FineTuneConfig config, FineTuneResult result) {
        return new ModelProvenance(
                config,
                backbone.origin(),
                result.trainedLayers(),
                DataFingerprint.of(data.training()),
                DataFingerprint.of(data.validation()),
                result.chosenEpoch(),
                result.history(),
                DeepCovidRuntime.initialise(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                shortHashes(data));
    }

    private static List<String> shortHashes(FittingData data) {
        return Stream.concat(data.training().stream(), data.validation().stream())
                .map(image -> ModelProvenance.shortHash(image.sha256()))
                .toList();
    }

    /**
     * Reads a saved classifier. Nothing in the file is executed, and its checksums are verified
     * before anything is used.
     *
     * @param file as {@link #save} wrote it
     * @return a classifier that gives the same probabilities, bit for bit, as the saved one
     * @throws ClassifierFileException if the file cannot be read, is truncated, was edited, is of
     *     another kind or of a newer schema, or if its network is not on the class path
     */
    public static CovidClassifier load(Path file) {
        return ClassifierFile.read(file);
    }

    /**
     * Writes this classifier to one file; refuses to replace an existing one.
     *
     * @param file to be written
     * @throws ClassifierFileException if the file exists or cannot be written; nothing half-written
     *     is left
     */
    public void save(Path file) {
        save(file, IfExists.FAIL);
    }

    /**
     * Writes this classifier to one file, first under a temporary name in the same folder.
     *
     * @param file to be written
     * @param ifExists what to do if the file exists
     * @throws ClassifierFileException if the file exists and must not be replaced, or cannot be
     *     written; nothing half-written is left
     */
    public void save(Path file, IfExists ifExists) {
        ClassifierFile.write(this, file, ifExists);
    }

    /**
     * Writes network and head as an ONNX model that takes normalised images; refuses to replace an
     * existing file.
     *
     * @param file to be written, usually named {@code *.onnx}
     * @throws ClassifierFileException as for {@link #exportOnnx(Path, OnnxExport.Input, IfExists)}
     */
    public void exportOnnx(Path file) {
        exportOnnx(file, OnnxExport.Input.NORMALIZED, IfExists.FAIL);
    }

    /**
     * Writes network and head as an ONNX model for any runtime that reads such files. Labels,
     * threshold, normalisation and a notice are among its metadata; the output {@value
     * OnnxExport#COVID_PROBABILITY} holds the scores.
     *
     * @param file to be written, usually named {@code *.onnx}
     * @param input whether the model takes normalised values or RGB samples of 0 to 255
     * @param ifExists what to do if the file exists
     * @throws ClassifierFileException if the file cannot be written, or the network has a layer
     *     that cannot be expressed; nothing half-written is left
     */
    public void exportOnnx(Path file, OnnxExport.Input input, IfExists ifExists) {
        ClassifierFile.exportOnnx(this, file, input, ifExists);
    }

    /**
     * Checks, without writing, whether a classifier can be saved to a file: useful before a long
     * fine-tuning.
     *
     * @param file to be written later
     * @param ifExists what will be done if the file exists
     * @throws ClassifierFileException as for {@link #save(Path, IfExists)}
     */
    public static void checkWritable(Path file, IfExists ifExists) {
        ClassifierFile.checkWritable(file, ifExists);
    }

    /**
     * Scores one image.
     *
     * @param image a radiograph in any readable format
     * @return score and, with a threshold, label
     * @throws org.deepcovid.core.image.UnreadableImageException if the image cannot be read
     */
    public Prediction predict(Path image) {
        float[] input = preprocessing().apply(image);
        return prediction(image.toString(), engine.features(FloatBuffer.wrap(input)).row(0));
    }

    /**
     * Scores many images, decoding ahead of the network; memory does not grow with their number.
     *
     * @param images files
     * @param consumer is given each image's prediction, in the order of the files, as it comes
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them.
     *     Images before the first unreadable one may have been given to the consumer
     */
    public void predict(List<Path> images, BiConsumer<Path, Prediction> consumer) {
        stream()
                .forEach(
                        images.iterator(),
                        CovidClassifier::request,
                        (file, features) ->
                                consumer.accept(file, prediction(file.toString(), features)));
    }

    /**
     * Scores any number of images, decoding ahead of the network, and goes on after a file that
     * cannot be read if the listener wants so. Files are asked for as scoring goes on, and nothing
     * of them is kept: memory does not grow with their number.
     *
     * @param images files, such as those of {@link java.nio.file.Files#walk}; consumed by the
     *     calling thread, not closed
     * @param listener is told of each file, in the order of the files, by the calling thread
     * @throws org.deepcovid.core.image.UnreadableImageException if an image cannot be read and the
     *     listener does not override {@link PredictionListener#onUnreadable}
     */
    public void predict(Stream<Path> images, PredictionListener listener) {
        stream()
                .forEach(
                        images.iterator(),
                        CovidClassifier::request,
                        (file, features) ->
                                listener.onPrediction(file, prediction(file.toString(), features)),
                        listener::onUnreadable);
    }

    private static ImageRequest request(Path file) {
        return ImageRequest.plain(file.toString(), file);
    }

    /**
     * Scores labelled images.
     *
     * @param images of any split
     * @return one entry an image, in the same order
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     */
    public List<ScoredImage> score(List<LabelledImage> images) {
        List<ScoredImage> scores = new ArrayList<>(images.size());
        stream()
                .forEach(
                        images.iterator(),
                        image -> ImageRequest.plain(image.id(), image.file()),
                        (image, features) -> {
                            double p = covidProbability(features);
                            scores.add(new ScoredImage(image.id(), image.label(), p));
                        });
        return List.copyOf(scores);
    }

    private FeatureStream stream() {
        return new FeatureStream(engine, preprocessing());
    }

    private Prediction prediction(String id, float[] features) {
        double p = covidProbability(features);
        return new Prediction(id, p, threshold.map(t -> t.apply(p)));
    }

    private double covidProbability(float[] features) {
        return head.probabilities(features)[CovidLabel.COVID.classIndex()];
    }

    private Preprocessing preprocessing() {
        return new Preprocessing(spec().inputSize(), spec().normalization());
    }

    /**
     * The same classifier with a threshold. Both share one network: closing either closes both.
     *
     * @param newThreshold fitted on validation images or on cross-fitted scores
     * @return the copy
     */
    public CovidClassifier withThreshold(DecisionThreshold newThreshold) {
        return new CovidClassifier(
                spec,
                backbone,
                engine,
                head,
                provenance,
                Optional.of(newThreshold),
                validationScores,
                crossFitting);
    }

    /**
     * The score from which on an image is called COVID.
     *
     * @return empty if none has been chosen
     */
    public Optional<DecisionThreshold> threshold() {
        return threshold;
    }

    /**
     * What the network promises.
     *
     * @return the backbone's spec
     */
    public BackboneSpec spec() {
        return spec;
    }

    /**
     * The network under the head, as a native DL4J graph. A loaded classifier builds it at the
     * first call; scoring does not need it where the network runs compiled.
     *
     * @return the backbone; closed with this classifier
     * @throws IllegalArgumentException if a loaded classifier's parameters do not fit its network
     */
    public Backbone backbone() {
        return backbone.get();
    }

    /**
     * The trained layer.
     *
     * @return two outputs, in the order of {@link CovidLabel}
     */
    public LinearHead head() {
        return head;
    }

    /**
     * What made this classifier.
     *
     * @return recipe, data, weights, machine
     */
    public ModelProvenance provenance() {
        return provenance;
    }

    /**
     * The validation images' scores, kept from fine-tuning so that a threshold can be chosen
     * without a second pass.
     *
     * @return empty for a classifier that was loaded from a file
     */
    public List<ScoredImage> validationScores() {
        return validationScores;
    }

    /**
     * Scores of all images that this classifier was fitted with, so that a threshold can be chosen
     * on more than the validation images: these are scored by the head itself, each training image
     * by a head fitted in the same way without its patient. See {@link CrossFitting}.
     *
     * @param data what this classifier was fine-tuned with
     * @param listener is told of progress and may cancel
     * @return the same at every call; a loaded classifier has to compute the images' features first
     * @throws IllegalArgumentException if the data are not those that it was fine-tuned with
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public CrossFittedScores crossFittedScores(FittingData data, FineTuneListener listener) {
        requireFittedOn("training", data.training(), provenance.training());
        requireFittedOn("validation", data.validation(), provenance.validation());
        return crossFitting.scores(
                data, head, provenance.config(), provenance.chosenEpoch(), listener);
    }

    private static void requireFittedOn(
            String part, List<LabelledImage> images, DataFingerprint expected) {
        DataFingerprint found = DataFingerprint.of(images);
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(
                    ("the %s part has fingerprint %s, and the classifier was fine-tuned with %s;"
                                    + " split the same dataset with the same seed")
                            .formatted(part, found.sha256(), expected.sha256()));
        }
    }

    /**
     * What runs the network here: the compiled form or the DL4J graph, and why.
     *
     * @return the engine's own account
     */
    public EngineReport engine() {
        return engine.report();
    }

    /** Releases the native memory of engine and backbone. */
    @Override
    public void close() {
        engine.close();
        backbone.close();
    }
}
