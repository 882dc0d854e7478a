package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.features.InputCheck;
import org.deepcovid.core.image.ImageChange;
import org.deepcovid.core.image.ImageNotes;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.PixelStatistics;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.EngineReport;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.inference.OnnxExport;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.FineTuneListener;
import org.deepcovid.core.training.RunOptions;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A radiograph classifier: a pre-trained backbone, a head fine-tuned on it, and their provenance.
 * Its labels are those of the images that it was fine-tuned on.
 *
 * <p>Its scores are those of a research model. It is not a diagnostic device.
 *
 * <p>A classifier is safe to use from several threads and gives each the same scores. One that was
 * {@linkplain #load loaded} holds native memory: close it. One that belongs to a {@link FineTuned}
 * run is closed with the run.
 */
public final class CovidClassifier implements AutoCloseable {

    private final ClassifierNetwork network;
    private final boolean ownsNetwork;
    private final Scoring scoring;
    private final LinearHead trainedHead;
    private final LinearHead head;
    private final LabelSet labels;
    private final ModelProvenance provenance;
    private final Decisions decisions;
    private final Optional<InputCheck> inputCheck;

    /** How lists and streams of images are scored. */
    private record Scoring(FeatureExtractor extractor, FineTuneListener listener) {}

    private CovidClassifier(
            ClassifierNetwork network,
            boolean ownsNetwork,
            Scoring scoring,
            LinearHead trainedHead,
            LabelSet labels,
            ModelProvenance provenance,
            Decisions decisions,
            Optional<InputCheck> inputCheck) {
        this.network = requireNonNull(network, "network is null");
        this.ownsNetwork = ownsNetwork;
        this.scoring = scoring;
        this.trainedHead = requireNonNull(trainedHead, "trainedHead is null");
        this.labels = requireNonNull(labels, "labels is null");
        this.provenance = requireNonNull(provenance, "provenance is null");
        this.decisions = requireNonNull(decisions, "decisions is null");
        this.head =
                decisions
                        .calibration()
                        .map(c -> c.applyTo(trainedHead, labels))
                        .orElse(trainedHead);
        this.inputCheck = requireNonNull(inputCheck, "inputCheck is null");
    }

    /** A classifier that closes the network. */
    static CovidClassifier owning(
            ClassifierNetwork network,
            LinearHead head,
            LabelSet labels,
            ModelProvenance provenance,
            Decisions decisions,
            Optional<InputCheck> inputCheck) {
        FeatureExtractor extractor =
                FeatureExtractor.of(network.spec(), network.engine())
                        .with(provenance.config().standardization());
        Scoring scoring = new Scoring(extractor, FineTuneListener.SILENT);
        return new CovidClassifier(
                network, true, scoring, head, labels, provenance, decisions, inputCheck);
    }

    /** A classifier whose network belongs to a run, without a threshold. */
    static CovidClassifier borrowing(
            ClassifierNetwork network,
            FeatureExtractor extractor,
            FineTuneListener listener,
            LinearHead head,
            LabelSet labels,
            ModelProvenance provenance,
            Optional<InputCheck> inputCheck) {
        Scoring scoring = new Scoring(extractor, listener);
        return new CovidClassifier(
                network, false, scoring, head, labels, provenance, Decisions.none(), inputCheck);
    }

    /**
     * Fine-tunes by the paper's recipe, {@link FineTuneConfig#defaults()}; see {@link
     * #fineTune(Backbone, FittingData, FineTuneConfig, RunOptions)}.
     */
    public static FineTuned fineTune(Backbone backbone, FittingData data) {
        return fineTune(backbone, data, FineTuneConfig.defaults());
    }

    /**
     * Fine-tunes by a recipe; see {@link #fineTune(Backbone, FittingData, FineTuneConfig,
     * RunOptions)}.
     */
    public static FineTuned fineTune(Backbone backbone, FittingData data, FineTuneConfig config) {
        return fineTune(backbone, data, config, FineTuneListener.SILENT);
    }

    /**
     * Fine-tunes by a recipe and reports progress; see {@link #fineTune(Backbone, FittingData,
     * FineTuneConfig, RunOptions)}.
     */
    public static FineTuned fineTune(
            Backbone backbone, FittingData data, FineTuneConfig config, FineTuneListener listener) {
        return fineTune(backbone, data, config, RunOptions.defaults().withListener(listener));
    }

    /**
     * Fine-tunes by a recipe. With a store of unfinished work, an interrupted run continues, and
     * the classifier is the same, bit for bit.
     *
     * @param backbone pre-trained network; owned by the run from now on, and closed if this fails.
     *     If the recipe trains layers of it, its parameters are changed in place
     * @param config the recipe
     * @param options listener, store of unfinished work and settings of the machine
     * @return the finished run, to be closed
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public static FineTuned fineTune(
            Backbone backbone, FittingData data, FineTuneConfig config, RunOptions options) {
        return FineTuned.run(backbone, data, config, options);
    }

    /**
     * Reads a saved classifier, which gives the same probabilities, bit for bit, as the saved one.
     * Nothing in the file is executed, and its checksums are verified before anything is used.
     *
     * @throws ClassifierFileException if the file cannot be read, is truncated, was edited, is of
     *     another kind or of a newer schema, or if its network is not on the class path
     * @throws IllegalStateException if it was made in bfloat16 and no engine of this precision runs
     *     here
     */
    public static CovidClassifier load(Path file) {
        return ClassifierFile.read(file, Optional.empty());
    }

    /**
     * As {@link #load(Path)}, but the network runs in another precision than the one the classifier
     * was made with, so that scores differ.
     *
     * @param precision of weights and feature maps
     * @throws ClassifierFileException as {@link #load(Path)}
     * @throws IllegalStateException if no engine of this precision runs here
     */
    public static CovidClassifier load(Path file, Precision precision) {
        return ClassifierFile.read(file, Optional.of(precision));
    }

    /** Writes this classifier to one file, which must not exist. */
    public void save(Path file) {
        save(file, IfExists.FAIL);
    }

    /**
     * Writes this classifier to one file, first under a temporary name in the same folder.
     *
     * @throws ClassifierFileException if the file exists and must not be replaced, or cannot be
     *     written; nothing half-written is left
     */
    public void save(Path file, IfExists ifExists) {
        ClassifierFile.write(this, file, ifExists);
    }

    /** Writes an ONNX model that takes normalised images to a file, which must not exist. */
    public void exportOnnx(Path file) {
        exportOnnx(file, OnnxExport.Input.NORMALIZED, IfExists.FAIL);
    }

    /**
     * Writes network and head, calibrated if the scores are, as an ONNX model for any runtime that
     * reads such files. Labels, threshold, normalisation and a notice are among its metadata;
     * {@link OnnxExport} names its outputs. Input check, reviews, label sets and the {@link
     * #preprocessing()} are not part of it; a standardization is named in the metadata.
     *
     * @param file to be written, usually named {@code *.onnx}
     * @param input whether the model takes normalised values or RGB samples of 0 to 255
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
     * @throws ClassifierFileException as for {@link #save(Path, IfExists)}
     */
    public static void checkWritable(Path file, IfExists ifExists) {
        ClassifierFile.checkWritable(file, ifExists);
    }

    /**
     * Scores one image.
     *
     * @param radiograph a file, bytes or a picture in memory; all of them get the same score to the
     *     last bit
     * @return score and, with a threshold, label; its id is that of the radiograph
     * @throws org.deepcovid.core.image.UnreadableImageException if the image cannot be read
     */
    public Prediction predict(Radiograph radiograph) {
        RasterImage image = radiograph.decode();
        RasterImage square = preprocessing().resizeAndCrop(image);
        FloatBuffer input = FloatBuffer.wrap(preprocessing().toTensor(square));
        return prediction(
                radiograph.id(),
                network.engine().features(input).row(0),
                new ImageNotes(image.remarks(), PixelStatistics.of(image, square)));
    }

    /** Scores one image file. */
    public Prediction predict(Path file) {
        return predict(Radiograph.of(file));
    }

    /**
     * Scores a picture in memory, by its samples as stored; see {@link
     * Radiograph#of(BufferedImage)}.
     */
    public Prediction predict(BufferedImage image) {
        return predict(Radiograph.of(image));
    }

    /** Scores the content of an image file. */
    public Prediction predict(byte[] bytes) {
        return predict(Radiograph.of(bytes));
    }

    /**
     * Scores the content of an image file, read to the end of the stream, which is left open.
     *
     * @throws java.io.UncheckedIOException if the stream cannot be read
     */
    public Prediction predict(InputStream stream) {
        return predict(Radiograph.of(stream));
    }

    /**
     * Scores several images, decoding ahead of the network.
     *
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     */
    public List<Prediction> predict(List<Path> images) {
        List<Prediction> predictions = new ArrayList<>(images.size());
        scoring.extractor.forEach(
                images.stream(),
                CovidClassifier::request,
                (file, features, notes) -> {
                    predictions.add(prediction(file.toString(), features, notes));
                    progress(predictions.size(), images.size());
                });
        return List.copyOf(predictions);
    }

    /**
     * Scores any number of images, decoding ahead of the network, and continues after a file that
     * cannot be read if the listener does. Memory does not grow with the number of files.
     *
     * @param images read as scoring proceeds, by the calling thread; not closed
     * @param listener receives the result of each file, in the order of the files, on the calling
     *     thread
     * @throws org.deepcovid.core.image.UnreadableImageException if an image cannot be read and the
     *     listener does not override {@link PredictionListener#onUnreadable}
     */
    public void predict(Stream<Path> images, PredictionListener listener) {
        scoring.extractor.forEach(
                images,
                CovidClassifier::request,
                (file, features, notes) ->
                        listener.onPrediction(file, prediction(file.toString(), features, notes)),
                listener::onUnreadable);
    }

    private static ImageRequest request(Path file) {
        return ImageRequest.plain(file.toString(), Radiograph.of(file));
    }

    /**
     * Scores labelled images.
     *
     * @throws IllegalArgumentException if an image has a label that this classifier lacks
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     */
    public List<ScoredImage> score(List<LabelledImage> images) {
        return score(images, image -> ImageRequest.plain(image.id(), image.radiograph()));
    }

    /**
     * Scores changed copies of labelled images.
     *
     * @param change such as an {@link org.deepcovid.core.image.Alteration}
     * @param seed of the changes
     * @throws IllegalArgumentException as {@link #score(List)} does
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     */
    public List<ScoredImage> score(List<LabelledImage> images, ImageChange change, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        return score(
                images,
                image ->
                        ImageRequest.changed(
                                image.id(), image.radiograph(), change, seeds.nextLong()));
    }

    private List<ScoredImage> score(
            List<LabelledImage> images, Function<LabelledImage, ImageRequest> request) {
        List<ScoredImage> scores = new ArrayList<>(images.size());
        scoring.extractor.forEach(
                images.stream(),
                request,
                (image, features, notes) -> {
                    Prediction found = prediction(image.id(), features, notes);
                    scores.add(
                            new ScoredImage(
                                    image.id(),
                                    image.label(),
                                    found.probabilities(),
                                    found.remarks(),
                                    found.distance()));
                    progress(scores.size(), images.size());
                });
        return List.copyOf(scores);
    }

    private void progress(long done, long total) {
        scoring.listener.onProgress(FineTuneListener.Stage.SCORING, done, total);
    }

    /**
     * Runs the network on prepared images, with the engine that also computes the scores.
     *
     * @param images N images as {@link Preprocessing} makes them, as for {@link
     *     InferenceEngine#run}
     */
    public Map<NetworkOutput, FloatTensor> run(FloatBuffer images, Set<NetworkOutput> requested) {
        return network.engine().run(images, requested);
    }

    /**
     * Positions of the last feature map's cells in the network's input.
     *
     * @return empty if they are not on a known square grid
     */
    public Optional<NetworkPlan.CellCentres> featureMapCentres() {
        return network.engine().featureMapCentres();
    }

    private Prediction prediction(String id, float[] features, ImageNotes notes) {
        Optional<InputCheck.Result> input =
                inputCheck.map(check -> check.check(features, notes.statistics()));
        List<String> remarks = new ArrayList<>(notes.remarks());
        input.flatMap(InputCheck.Result::remark).ifPresent(remarks::add);
        OptionalDouble distance = input.stream().mapToDouble(InputCheck.Result::distance).findAny();
        return new Prediction(id, probabilities(features), threshold(), remarks, distance);
    }

    private ClassProbabilities probabilities(float[] features) {
        double[] probabilities = head.probabilities(features);
        for (double probability : probabilities) {
            if (Double.isNaN(probability)) {
                throw new IllegalStateException(
                        "the classifier (%s) gives a score of NaN; its weights are too large or damaged: fine-tune it again"
                                .formatted(spec().architecture()));
            }
        }
        return ClassProbabilities.of(labels, probabilities);
    }

    /** What is done to an image before the network gets it. */
    public Preprocessing preprocessing() {
        return new Preprocessing(spec().inputSize(), spec().normalization())
                .with(provenance.config().standardization());
    }

    /**
     * The same classifier with another threshold, on the scale of its scores.
     *
     * @return uses this classifier's network and cannot be used once this one, or the run that it
     *     belongs to, is closed; its own {@code close()} has no effect
     */
    public CovidClassifier withThreshold(DecisionThreshold newThreshold) {
        return with(decisions.withThreshold(newThreshold));
    }

    /**
     * The same classifier whose scores are calibrated and used in another way.
     *
     * @param newDecisions replace all of {@link #decisions()}, also the calibration
     * @return uses this classifier's network, as that of {@link #withThreshold}
     * @throws IllegalArgumentException if the calibration does not fit the labels
     */
    public CovidClassifier with(Decisions newDecisions) {
        return new CovidClassifier(
                network, false, scoring, trainedHead, labels, provenance, newDecisions, inputCheck);
    }

    /**
     * The same classifier, which reports the progress of scoring lists of images and, with a store
     * of unfinished work, continues an interrupted run. The classifiers of a {@link FineTuned} run
     * use the options of the run.
     *
     * @param identity differs if this classifier's network, its weights or the engine differ
     * @return uses this classifier's network, as that of {@link #withThreshold}
     */
    public CovidClassifier with(RunOptions options, String identity) {
        FeatureExtractor extractor =
                FeatureExtractor.of(spec(), network.engine())
                        .with(provenance.config().standardization())
                        .with(options.decodeThreads(), options.graphBatchSize())
                        .with(options.work(), identity);
        return new CovidClassifier(
                network,
                false,
                new Scoring(extractor, options.listener()),
                trainedHead,
                labels,
                provenance,
                decisions,
                inputCheck);
    }

    /**
     * Computes the features that the head gets: one row of {@link BackboneSpec#featureChannels()}
     * numbers per image.
     *
     * @return uses this classifier's network, and its options and store
     */
    public FeatureExtractor features() {
        return scoring.extractor;
    }

    /** The labels, in the order of the head's outputs, and which is the positive one. */
    public LabelSet labels() {
        return labels;
    }

    /** The score from which on an image is called positive. */
    public Optional<DecisionThreshold> threshold() {
        return decisions.threshold();
    }

    /** Calibration, threshold and label sets: what turns the head's output into answers. */
    public Decisions decisions() {
        return decisions;
    }

    /** The layer as it was trained, which a file keeps beside the calibration. */
    LinearHead trainedHead() {
        return trainedHead;
    }

    /** Input size, normalisation and feature shape of the network. */
    public BackboneSpec spec() {
        return network.spec();
    }

    /**
     * The network under the head, as a native DL4J graph. A loaded classifier builds it at the
     * first call; scoring does not need it where the network runs compiled.
     *
     * @return the backbone; closed with the network's owner
     * @throws IllegalArgumentException if a loaded classifier's parameters do not fit its network
     */
    public Backbone backbone() {
        return network.backbone();
    }

    /**
     * The trained layer, calibrated if the scores are.
     *
     * @return one output for each label, in the order of {@link #labels()}
     */
    public LinearHead head() {
        return head;
    }

    /**
     * The description of the training images, by which {@link Prediction#isUnlike()} is decided.
     *
     * @return empty for a file of an earlier release, or if the training images were too few
     */
    public Optional<InputCheck> inputCheck() {
        return inputCheck;
    }

    /** Recipe, data, weights and machine of the fine-tuning. */
    public ModelProvenance provenance() {
        return provenance;
    }

    /**
     * A DL4J graph of network and head, for further work with DL4J, such as training or export. Its
     * input are normalised images, float32 [N, 3, H, W]; its output are probabilities [N, K], in
     * the order of {@link #labels()}.
     *
     * @return a copy that shares no memory with this classifier; to be closed by the caller
     */
    public ComputationGraph toComputationGraph() {
        return ClassifierGraph.of(backbone(), head);
    }

    /**
     * The engine that runs the network on this machine: the compiled form or the DL4J graph, and
     * why.
     */
    public EngineReport engine() {
        return network.engine().report();
    }

    /** The precision in which the network runs; heatmaps are computed in float32 in any case. */
    public Precision precision() {
        return network.engine().precision();
    }

    /** Releases the network of a loaded classifier; has no effect on one of a run. */
    @Override
    public void close() {
        if (ownsNetwork) {
            network.close();
        }
    }
}
