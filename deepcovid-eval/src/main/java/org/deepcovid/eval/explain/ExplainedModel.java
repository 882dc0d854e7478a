package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network with a linear head over pooled features and names for the head's outputs: what the
 * methods of {@link HeatmapMethod} explain. The parameters are taken as they are when they are
 * first needed; later changes of the network do not show.
 *
 * <p>Safe to use from several threads. It holds native memory of its own: close it. The network
 * itself belongs to whoever made it and stays open.
 */
public final class ExplainedModel implements AutoCloseable {

    private final Backbone backbone;
    private final LinearHead head;
    private final List<String> labels;
    private final OptionalDouble covidThreshold;
    private final boolean ownsBackbone;
    private InferenceEngine engine;
    private GradientGraph gradients;
    private boolean closed;

    private ExplainedModel(
            Backbone backbone,
            LinearHead head,
            List<String> labels,
            OptionalDouble covidThreshold,
            boolean ownsBackbone) {
        DeepCovidRuntime.initialise();
        this.backbone = requireNonNull(backbone, "backbone is null");
        this.head = requireNonNull(head, "head is null");
        this.labels = List.copyOf(labels);
        this.covidThreshold = covidThreshold;
        this.ownsBackbone = ownsBackbone;
        int features = backbone.spec().featureChannels();
        if (head.features() != features || head.classes() != this.labels.size()) {
            throw new IllegalArgumentException(
                    "head of %d features and %d outputs for a network of %d features and %d labels"
                            .formatted(
                                    head.features(), head.classes(), features, this.labels.size()));
        }
    }

    /**
     * A fine-tuned classifier. Its labels are {@code "non"} and {@code "covid"}. What all logits of
     * the head have in common is taken out, since the probabilities do not depend on it: the logit
     * of a label is then evidence for it against the other.
     *
     * @param classifier stays open when this is closed
     * @return the model to explain
     */
    public static ExplainedModel of(CovidClassifier classifier) {
        return new ExplainedModel(
                classifier.backbone(),
                centred(classifier.head()),
                Stream.of(CovidLabel.values()).map(CovidLabel::folderName).toList(),
                classifier
                        .threshold()
                        .map(threshold -> OptionalDouble.of(threshold.value()))
                        .orElse(OptionalDouble.empty()),
                false);
    }

    /**
     * Any network with a linear head, explained as it is.
     *
     * @param backbone stays open when this is closed
     * @param head over the backbone's features
     * @param labels names of the head's outputs, in their order
     * @return the model to explain
     * @throws IllegalArgumentException if the three do not fit together
     */
    public static ExplainedModel of(Backbone backbone, LinearHead head, List<String> labels) {
        return new ExplainedModel(backbone, head, labels, OptionalDouble.empty(), false);
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
        Backbone copy = ParameterShuffle.copy(backbone, random);
        float[] weights = ParameterShuffle.shuffled(head.weights(), random);
        LinearHead shuffledHead = new LinearHead(weights, head.bias());
        return new ExplainedModel(copy, shuffledHead, labels, covidThreshold, true);
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
        return backbone.spec();
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
        return backbone;
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
            int covid = indexOf(CovidLabel.COVID.folderName());
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
        int size = spec().inputSize();
        Preprocessing preprocessing = new Preprocessing(size, spec().normalization());
        RasterImage square = preprocessing.resizeAndCrop(image);
        return new Input(
                square,
                preprocessing.toTensor(square),
                new CropPlacement(image.width(), image.height(), size));
    }

    /** Pooled features [count, C] of a batch: the one place where altered images are scored. */
    float[][] features(float[] images, int count) {
        int length = count * 3 * spec().inputSize() * spec().inputSize();
        FloatTensor features = engine().features(FloatBuffer.wrap(images, 0, length));
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = features.row(i);
        }
        return rows;
    }

    private synchronized InferenceEngine engine() {
        requireOpen();
        if (engine == null) {
            engine = InferenceEngine.of(backbone);
        }
        return engine;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the model to explain, %s, is closed".formatted(spec().architecture()));
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
                engine().run(
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
                .requireFinite(spec().camLayer());
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
        int size = spec().inputSize();
        INDArray image = Nd4j.create(input.tensor(), new long[] {1, 3, size, size}, 'c');
        return gradients().at(layer, image, weights);
    }

    private void requireLayer(String layer) {
        if (backbone.graph().getVertex(layer) == null) {
            throw new IllegalArgumentException(
                    "layer '%s' does not exist in %s; expected one of %s"
                            .formatted(
                                    layer,
                                    spec().architecture(),
                                    backbone.graph().getConfiguration().getVertices().keySet()));
        }
    }

    private synchronized GradientGraph gradients() {
        requireOpen();
        if (gradients == null) {
            gradients = GradientGraph.of(backbone);
        }
        return gradients;
    }

    /** Where a layer's cells lie in the input. */
    CellCentres centres(String layer, int cells) {
        return new LayerGeometry(backbone.graph().getConfiguration())
                .centres(layer)
                .orElseGet(() -> CellCentres.even(cells, spec().inputSize()));
    }

    /** Releases what this made itself; a classifier or backbone given to it stays open. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (engine != null) {
            engine.close();
        }
        if (gradients != null) {
            gradients.close();
        }
        if (ownsBackbone) {
            backbone.close();
        }
    }
}
