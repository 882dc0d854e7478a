package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.Standardization;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.LinearHead;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What heatmap methods need: a network, a linear head on its pooled features and labels for the
 * head's outputs. {@link Heatmap#of} makes one per call; keep one for many images with a method
 * that needs gradients, since the DL4J graph is built at its first use. A classifier's own
 * inference engine is used.
 *
 * <p>Safe for use by several threads. It may hold native memory: close it. A classifier or backbone
 * that was passed in stays open.
 */
public final class ExplainedModel implements AutoCloseable {

    /** Runs the network. */
    private interface Runner {
        Map<NetworkOutput, FloatTensor> run(FloatBuffer images, Set<NetworkOutput> requested);
    }

    private final BackboneSpec spec;
    private final Preprocessing preprocessing;
    private final Supplier<Backbone> backbone;
    private final Runner runner;
    private final Supplier<Optional<CellCentres>> mapCentres;
    private final LinearHead head;
    private final List<String> labels;
    private final int positive;
    private final OptionalDouble threshold;
    private final List<Runnable> closing = new ArrayList<>();
    private InferenceEngine engine;
    private GradientGraph gradients;
    private boolean closed;

    private ExplainedModel(CovidClassifier classifier) {
        this.spec = classifier.spec();
        this.preprocessing = classifier.preprocessing();
        this.backbone = classifier::backbone;
        // maps are computed in float32
        boolean own = classifier.precision() == Precision.FLOAT32;
        this.runner =
                own
                        ? classifier::run
                        : (images, requested) ->
                                engine(classifier.backbone()).run(images, requested);
        this.mapCentres = classifier::featureMapCentres;
        this.head = centred(classifier.head());
        this.labels = classifier.labels().names();
        this.positive = classifier.labels().indexOf(classifier.labels().positive());
        this.threshold =
                classifier.threshold().stream().mapToDouble(DecisionThreshold::value).findFirst();
    }

    private ExplainedModel(
            Backbone backbone,
            Standardization standardization,
            LinearHead head,
            List<String> labels,
            int positive,
            OptionalDouble threshold) {
        this.spec = requireNonNull(backbone, "backbone is null").spec();
        this.preprocessing =
                new Preprocessing(spec.inputSize(), spec.normalization()).with(standardization);
        this.head = requireNonNull(head, "head is null");
        this.labels = List.copyOf(labels);
        this.positive = positive;
        this.threshold = threshold;
        int features = spec.featureChannels();
        if (head.features() != features || head.classes() != this.labels.size()) {
            throw new IllegalArgumentException(
                    "head of %d features and %d outputs for a network of %d features and %d labels"
                            .formatted(
                                    head.features(), head.classes(), features, this.labels.size()));
        }
        this.backbone = () -> backbone;
        this.runner = (images, requested) -> engine(backbone).run(images, requested);
        this.mapCentres = () -> engine(backbone).featureMapCentres();
    }

    private synchronized InferenceEngine engine(Backbone of) {
        if (engine == null) {
            engine = InferenceEngine.of(of);
            closing.add(engine::close);
        }
        return engine;
    }

    /**
     * A fine-tuned classifier with its labels. The mean of the head's logits is subtracted, which
     * does not change the probabilities: the logit of a label is then evidence for it against the
     * others.
     */
    public static ExplainedModel of(CovidClassifier classifier) {
        return new ExplainedModel(classifier);
    }

    /**
     * Any network with a linear head.
     *
     * @param backbone stays open when the model is closed
     * @param head on the backbone's features
     * @param labels of the head's outputs, in their order
     * @throws IllegalArgumentException if the numbers of features or labels do not match
     */
    public static ExplainedModel of(Backbone backbone, LinearHead head, List<String> labels) {
        return new ExplainedModel(
                backbone, Standardization.NONE, head, labels, 0, OptionalDouble.empty());
    }

    /**
     * A copy with shuffled parameters: within each parameter array, and within the head's weights,
     * the values are permuted, so that the scale of activations stays. For the randomisation test
     * of Adebayo et al. (2018), Sanity Checks for Saliency Maps, arXiv:1810.03292.
     *
     * @return a model that owns its network; to be closed
     */
    public ExplainedModel randomised(long seed) {
        Random random = new Random(seed);
        Backbone copy = ParameterShuffle.copy(backbone(), random);
        float[] weights = ParameterShuffle.shuffled(head.weights(), random);
        LinearHead shuffledHead = new LinearHead(weights, head.bias());
        ExplainedModel model =
                new ExplainedModel(
                        copy,
                        preprocessing.standardization(),
                        shuffledHead,
                        labels,
                        positive,
                        threshold);
        model.closing.add(copy::close);
        return model;
    }

    private static LinearHead centred(LinearHead head) {
        return new LinearHead(
                minusMean(head.weights(), head.classes()), minusMean(head.bias(), head.classes()));
    }

    private static float[] minusMean(float[] values, int classes) {
        int length = values.length / classes;
        for (int f = 0; f < length; f++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += values[c * length + f];
            }
            for (int c = 0; c < classes; c++) {
                values[c * length + f] -= (float) (sum / classes);
            }
        }
        return values;
    }

    BackboneSpec spec() {
        return spec;
    }

    List<String> labels() {
        return labels;
    }

    /** The name of the positive label; of any network, the first. */
    public String positive() {
        return labels.get(positive);
    }

    /** From which probability on a label is called: of two labels, the positive one. */
    OptionalDouble thresholdFor(String label) {
        return labels.size() == 2 && label.equals(positive()) ? threshold : OptionalDouble.empty();
    }

    Backbone backbone() {
        return backbone.get();
    }

    LinearHead head() {
        return head;
    }

    int indexOf(String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "label '%s' does not exist; expected one of %s".formatted(label, labels));
        }
        return index;
    }

    /**
     * Index of the predicted label: of two labels by the threshold if there is one, otherwise the
     * most probable.
     */
    int decision(double[] probabilities) {
        if (threshold.isPresent() && probabilities.length == 2) {
            return probabilities[positive] >= threshold.getAsDouble() ? positive : 1 - positive;
        }
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
            best = probabilities[c] > probabilities[best] ? c : best;
        }
        return best;
    }

    /** One probability per label, in the order of the head's outputs, for an image of any size. */
    public double[] probabilities(RasterImage image) {
        return probabilities(prepare(image));
    }

    private double[] probabilities(Input input) {
        return head.probabilities(features(input.tensor(), 1)[0]);
    }

    /** A preprocessed image, [3, S, S]. */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Input(RasterImage square, float[] tensor, CropPlacement placement) {}

    Input prepare(RasterImage image) {
        RasterImage square = preprocessing.resizeAndCrop(image);
        return new Input(square, preprocessing.toTensor(square), preprocessing.placement(image));
    }

    /** Pooled features [count, C] of a batch. */
    float[][] features(float[] images, int count) {
        int length = count * 3 * spec.inputSize() * spec.inputSize();
        FloatTensor features =
                run(FloatBuffer.wrap(images, 0, length), Set.of(NetworkOutput.FEATURES))
                        .get(NetworkOutput.FEATURES);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = features.row(i);
        }
        return rows;
    }

    private Map<NetworkOutput, FloatTensor> run(FloatBuffer images, Set<NetworkOutput> requested) {
        requireOpen();
        return runner.run(images, requested);
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the model to explain, %s, is closed".formatted(spec.architecture()));
        }
    }

    /** A feature map and the probabilities of all labels. */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Output(LayerEvidence map, double[] probabilities) {}

    /**
     * The feature map of a layer, with the gradient of a label's logit. For the last map (an empty
     * layer) one forward pass is enough: the logit is linear in it.
     */
    Output output(Optional<String> layer, Input input, int label) {
        if (layer.isPresent()) {
            return new Output(layer(layer.get(), input, label), probabilities(input));
        }
        Map<NetworkOutput, FloatTensor> outputs =
                run(
                        FloatBuffer.wrap(input.tensor()),
                        Set.of(NetworkOutput.FEATURE_MAP, NetworkOutput.FEATURES));
        LayerEvidence map = evidence(outputs.get(NetworkOutput.FEATURE_MAP), label);
        float[] features = outputs.get(NetworkOutput.FEATURES).row(0);
        return new Output(map, head.probabilities(features));
    }

    private LayerEvidence evidence(FloatTensor map, int label) {
        float[] activations = map.row(0);
        float[] weights = weights(label);
        int cells = activations.length / weights.length;
        float[] gradient = new float[activations.length];
        for (int c = 0; c < weights.length; c++) {
            Arrays.fill(gradient, c * cells, (c + 1) * cells, weights[c] / cells);
        }
        int height = map.shape().get(2);
        return new LayerEvidence(weights.length, height, cells / height, activations, gradient)
                .requireFinite(spec.camLayer());
    }

    /** Weights of the features in a logit. */
    float[] weights(int label) {
        int features = head.features();
        return Arrays.copyOfRange(head.weights(), label * features, (label + 1) * features);
    }

    /** Feature map of any layer with the gradient of a logit, by backpropagation. */
    LayerEvidence layer(String layer, Input input, int label) {
        if (backbone().graph().getVertex(layer) == null) {
            throw new IllegalArgumentException(
                    "layer '%s' does not exist in %s; expected one of %s"
                            .formatted(
                                    layer,
                                    spec.architecture(),
                                    backbone().graph().getConfiguration().getVertices().keySet()));
        }
        INDArray weights = Nd4j.createFromArray(new float[][] {weights(label)});
        int size = spec.inputSize();
        INDArray image = Nd4j.create(input.tensor(), new long[] {1, 3, size, size}, 'c');
        return gradients().at(layer, image, weights);
    }

    private synchronized GradientGraph gradients() {
        requireOpen();
        if (gradients == null) {
            gradients = GradientGraph.of(backbone());
            closing.add(gradients::close);
        }
        return gradients;
    }

    /** Positions of a layer's cells in the input. */
    CellCentres centres(String layer, int cells) {
        Optional<CellCentres> centres =
                layer.equals(spec.camLayer())
                        ? mapCentres.get()
                        : NetworkPlan.centres(backbone(), layer);
        return centres.orElseGet(() -> EvidenceGrid.evenCells(cells, spec.inputSize()));
    }

    /** Releases what this made itself; a classifier or backbone passed in stays open. */
    @Override
    public synchronized void close() {
        closed = true;
        Collections.reverse(closing);
        closing.forEach(Runnable::run);
        closing.clear();
    }
}
