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
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.LinearHead;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What heatmap methods need: a network, a linear head on its pooled features and labels for the
 * head's outputs. A classifier's own inference engine is used; the DL4J graph, for gradients, is
 * built at its first use.
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
    private final Supplier<Backbone> backbone;
    private final Runner runner;
    private final Supplier<Optional<NetworkPlan.CellCentres>> mapCentres;
    private final LinearHead head;
    private final List<String> labels;
    private final OptionalDouble covidThreshold;
    private final List<AutoCloseable> owned = new ArrayList<>();
    private Optional<InferenceEngine> engine = Optional.empty();
    private GradientGraph gradients;
    private boolean closed;

    private ExplainedModel(CovidClassifier classifier) {
        this.spec = classifier.spec();
        this.backbone = classifier::backbone;
        this.runner = classifier::run;
        this.mapCentres = classifier::featureMapCentres;
        this.head = centred(classifier.head());
        this.labels = LabelSet.COVID.labels().stream().map(Label::name).toList();
        this.covidThreshold =
                classifier.threshold().stream().mapToDouble(DecisionThreshold::value).findFirst();
    }

    private ExplainedModel(
            Backbone backbone, LinearHead head, List<String> labels, OptionalDouble threshold) {
        this.spec = requireNonNull(backbone, "backbone is null").spec();
        this.head = requireNonNull(head, "head is null");
        this.labels = List.copyOf(labels);
        this.covidThreshold = threshold;
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
        if (engine.isEmpty()) {
            engine = Optional.of(InferenceEngine.of(of));
            owned.add(engine.get());
        }
        return engine.get();
    }

    /**
     * A fine-tuned classifier. Its labels are {@code "non"} and {@code "covid"}. The mean of the
     * head's logits is subtracted, since the probabilities do not depend on it: the logit of a
     * label is then evidence for it against the other.
     *
     * @param classifier stays open; its engine is used
     * @return the model to explain
     */
    public static ExplainedModel of(CovidClassifier classifier) {
        return new ExplainedModel(classifier);
    }

    /**
     * Any network with a linear head.
     *
     * @param backbone stays open when this is closed
     * @param head on the backbone's features
     * @param labels of the head's outputs, in their order
     * @return the model to explain
     * @throws IllegalArgumentException if the three do not fit together
     */
    public static ExplainedModel of(Backbone backbone, LinearHead head, List<String> labels) {
        return new ExplainedModel(backbone, head, labels, OptionalDouble.empty());
    }

    /**
     * A copy whose parameters have lost what they learned: within each parameter array, and within
     * the head, the values change places. Their distribution, and so the scale of activations,
     * stays. For the question whether heatmaps depend on the network at all.
     *
     * @param seed of the changes
     * @return a model of its own; to be closed
     */
    public ExplainedModel randomised(long seed) {
        Random random = new Random(seed);
        Backbone copy = ParameterShuffle.copy(backbone(), random);
        float[] weights = ParameterShuffle.shuffled(head.weights(), random);
        LinearHead shuffledHead = new LinearHead(weights, head.bias());
        try {
            ExplainedModel model = new ExplainedModel(copy, shuffledHead, labels, covidThreshold);
            model.owned.add(copy);
            return model;
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
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

    /**
     * What the network promises.
     *
     * @return the backbone's spec
     */
    public BackboneSpec spec() {
        return spec;
    }

    /**
     * Names of the head's outputs.
     *
     * @return unmodifiable, in the order of the outputs
     */
    public List<String> labels() {
        return labels;
    }

    Backbone backbone() {
        return backbone.get();
    }

    LinearHead head() {
        return head;
    }

    OptionalDouble covidThreshold() {
        return covidThreshold;
    }

    /** Index of a label. */
    int indexOf(String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "label '%s' does not exist; expected one of %s".formatted(label, labels));
        }
        return index;
    }

    /** Output that the model decides for: by the threshold if it has one, else the largest. */
    int decision(double[] probabilities) {
        if (covidThreshold.isPresent()) {
            int covid = indexOf(Label.COVID.name());
            return probabilities[covid] >= covidThreshold.getAsDouble() ? covid : 1 - covid;
        }
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
            best = probabilities[c] > probabilities[best] ? c : best;
        }
        return best;
    }

    /**
     * Probabilities of all labels for one image.
     *
     * @param image any size; resized and cropped as the network wants it
     * @return in the order of {@link #labels()}, each in [0, 1]
     */
    public double[] probabilities(RasterImage image) {
        return probabilities(prepare(image));
    }

    /** An image as the network sees it: [3, S, S]. */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Input(RasterImage square, float[] tensor, CropPlacement placement) {}

    Input prepare(RasterImage image) {
        int size = spec.inputSize();
        Preprocessing preprocessing = new Preprocessing(size, spec.normalization());
        RasterImage square = preprocessing.resizeAndCrop(image);
        return new Input(
                square,
                preprocessing.toTensor(square),
                new CropPlacement(image.width(), image.height(), size));
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
    record Answer(LayerEvidence map, double[] probabilities) {}

    /** Last feature map with the gradient of a logit, which a linear head over a mean gives. */
    LayerEvidence lastMap(Input input, int label) {
        return answer(input, label).map();
    }

    /** The last feature map, as {@link #lastMap}, and the probabilities, from one forward pass. */
    Answer answer(Input input, int label) {
        Map<NetworkOutput, FloatTensor> outputs =
                run(
                        FloatBuffer.wrap(input.tensor()),
                        Set.of(NetworkOutput.FEATURE_MAP, NetworkOutput.FEATURES));
        LayerEvidence map = evidence(outputs.get(NetworkOutput.FEATURE_MAP), label);
        float[] features = outputs.get(NetworkOutput.FEATURES).row(0);
        return new Answer(map, head.probabilities(features));
    }

    private LayerEvidence evidence(FloatTensor map, int label) {
        float[] activations = map.row(0);
        float[] weights = weights(label);
        int cells = activations.length / weights.length;
        float[] gradient = new float[activations.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = weights[i / cells] / cells;
        }
        int height = map.shape().get(2);
        return new LayerEvidence(weights.length, height, cells / height, activations, gradient)
                .requireFinite(spec.camLayer());
    }

    /** Probabilities of all labels for a prepared image. */
    double[] probabilities(Input input) {
        return head.probabilities(features(input.tensor(), 1)[0]);
    }

    /** Weights of the features in a logit. */
    float[] weights(int label) {
        int features = head.features();
        return Arrays.copyOfRange(head.weights(), label * features, (label + 1) * features);
    }

    /** Feature map of any layer with the gradient of a logit, by back-propagation. */
    LayerEvidence layer(String layer, Input input, int label) {
        requireLayer(layer);
        INDArray weights = Nd4j.createFromArray(new float[][] {weights(label)});
        int size = spec.inputSize();
        INDArray image = Nd4j.create(input.tensor(), new long[] {1, 3, size, size}, 'c');
        return gradients().at(layer, image, weights);
    }

    private void requireLayer(String layer) {
        if (backbone().graph().getVertex(layer) == null) {
            throw new IllegalArgumentException(
                    "layer '%s' does not exist in %s; expected one of %s"
                            .formatted(
                                    layer,
                                    spec.architecture(),
                                    backbone().graph().getConfiguration().getVertices().keySet()));
        }
    }

    private synchronized GradientGraph gradients() {
        requireOpen();
        if (gradients == null) {
            gradients = GradientGraph.of(backbone());
        }
        return gradients;
    }

    /** Positions of a layer's cells in the input. */
    CellCentres centres(String layer, int cells) {
        Optional<CellCentres> centres;
        if (layer.equals(spec.camLayer())) {
            centres = mapCentres.get().map(c -> new CellCentres(c.first(), c.step()));
        } else {
            centres = new LayerGeometry(backbone().graph().getConfiguration()).centres(layer);
        }
        return centres.orElseGet(() -> CellCentres.even(cells, spec.inputSize()));
    }

    /** Releases what this made itself; a classifier or backbone passed in stays open. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (gradients != null) {
            gradients.close();
        }
        Collections.reverse(owned);
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot release the model to explain", e);
            }
        }
    }
}
