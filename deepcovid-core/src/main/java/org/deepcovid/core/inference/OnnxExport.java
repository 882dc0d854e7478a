package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Normalization.ChannelOrder;
import org.deepcovid.core.inference.OnnxGraph.Attributes;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.LinearHead;

/**
 * An ONNX model file (opset 13) of a network, optionally with a classifier, for other programs. The
 * model's input is {@value #IMAGES}, float32 [N, 3, H, W] for any N; its outputs are those of the
 * plan, named by {@link NetworkOutput#id()}, and with a head the probability of the positive label,
 * float32 [N], named by {@link #positiveOutput}; with more than two labels also {@value
 * #PROBABILITIES}, float32 [N, K]. The metadata holds labels, the positive one, threshold,
 * normalisation and a notice that the model is no diagnostic device.
 *
 * @param plan the network; its outputs become the model's
 * @param parameters every parameter of the plan
 * @param normalization normalisation that the network expects
 * @param input input of the model
 * @param head classifier on the pooled features
 * @param labels label of each output of the head, in order; empty without a head
 * @param positive one of the labels; empty without a head
 * @param threshold lowest score that is called positive; metadata only
 * @param metadata further entries; they do not replace the model's own
 */
public record OnnxExport(
        NetworkPlan plan,
        NetworkParameters parameters,
        Normalization normalization,
        Input input,
        Optional<LinearHead> head,
        List<String> labels,
        Optional<String> positive,
        OptionalDouble threshold,
        Map<String, String> metadata) {

    /** Name of the input, float32 [N, 3, H, W]. */
    public static final String IMAGES = OnnxConverter.IMAGES;

    /** Name of the output with the probabilities of all labels, [N, K], of more than two labels. */
    public static final String PROBABILITIES = "probabilities";

    /** End of the name of {@link #positiveOutput}. */
    static final String PROBABILITY = "_probability";

    /** Documentation and metadata of every exported model. */
    public static final String NOTICE =
            "Scores of a research model. Not a diagnostic device; not for clinical decisions.";

    private static final List<Integer> PER_CHANNEL = List.of(1, 3, 1, 1);

    /** Input of an exported model. */
    public enum Input {
        /** Normalised pixels, the channels in the order of the normalisation. */
        NORMALIZED,
        /** Samples of 0 to 255 in the order red, green, blue; the model normalises them. */
        PIXELS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks that the components fit together.
     *
     * @throws IllegalArgumentException if the plan's input has not three channels, or a head does
     *     not fit the plan's features or the labels
     */
    public OnnxExport {
        requireNonNull(plan, "plan is null");
        requireNonNull(parameters, "parameters is null");
        requireNonNull(normalization, "normalization is null");
        requireNonNull(input, "input is null");
        labels = List.copyOf(labels);
        requireNonNull(threshold, "threshold is null");
        metadata = Map.copyOf(metadata);
        if (plan.inputShape().channels() != 3) {
            throw new IllegalArgumentException(
                    "the input of the network is %s; expected three channels"
                            .formatted(plan.inputShape().extents()));
        }
        if (head.isPresent()) {
            requireFitting(plan, head.get(), labels, positive);
        } else if (!labels.isEmpty()) {
            throw new IllegalArgumentException("labels are %s without a head".formatted(labels));
        }
    }

    private static void requireFitting(
            NetworkPlan plan, LinearHead head, List<String> labels, Optional<String> positive) {
        String features = plan.outputs().get(NetworkOutput.FEATURES);
        int found = features == null ? 0 : plan.shapes().get(features).channels();
        if (head.features() != found
                || head.classes() != labels.size()
                || positive.filter(labels::contains).isEmpty()) {
            throw new IllegalArgumentException(
                    ("the head maps %d features to %d classes; the network gives %d features, the"
                                    + " labels are %s, the positive one %s")
                            .formatted(
                                    head.features(),
                                    head.classes(),
                                    found,
                                    labels,
                                    positive.orElse("missing")));
        }
    }

    /**
     * A network without classifier, with normalised input.
     *
     * @param plan the network
     * @param parameters every parameter of the plan
     * @param normalization normalisation that the network expects
     * @return the export
     * @throws IllegalArgumentException as for the constructor
     */
    public static OnnxExport of(
            NetworkPlan plan, NetworkParameters parameters, Normalization normalization) {
        return new OnnxExport(
                plan,
                parameters,
                normalization,
                Input.NORMALIZED,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                OptionalDouble.empty(),
                Map.of());
    }

    /**
     * A copy with another input.
     *
     * @param newInput input of the model
     */
    public OnnxExport withInput(Input newInput) {
        return with(newInput, head, labels, positive, threshold, metadata);
    }

    /**
     * A copy with a classifier on the pooled features.
     *
     * @param newHead linear layer
     * @param newLabels label of each output
     * @param newPositive the positive one
     * @throws IllegalArgumentException if it does not fit the features or the labels
     */
    public OnnxExport withHead(LinearHead newHead, List<String> newLabels, String newPositive) {
        return with(
                input,
                Optional.of(newHead),
                newLabels,
                Optional.of(newPositive),
                threshold,
                metadata);
    }

    /**
     * A copy with a threshold in its metadata.
     *
     * @param newThreshold lowest score that is called positive
     */
    public OnnxExport withThreshold(double newThreshold) {
        return with(input, head, labels, positive, OptionalDouble.of(newThreshold), metadata);
    }

    /**
     * A copy with other further metadata, such as provenance.
     *
     * @param newMetadata text by key
     */
    public OnnxExport withMetadata(Map<String, String> newMetadata) {
        return with(input, head, labels, positive, threshold, newMetadata);
    }

    private OnnxExport with(
            Input newInput,
            Optional<LinearHead> newHead,
            List<String> newLabels,
            Optional<String> newPositive,
            OptionalDouble newThreshold,
            Map<String, String> newMetadata) {
        return new OnnxExport(
                plan,
                parameters,
                normalization,
                newInput,
                newHead,
                newLabels,
                newPositive,
                newThreshold,
                newMetadata);
    }

    /**
     * Name of the output with the probability of the positive label, [N]: its letters and digits in
     * lower case, {@code _} for anything else, and {@code _probability}; {@code covid_probability}
     * for covid.
     *
     * @throws java.util.NoSuchElementException without a head
     */
    public String positiveOutput() {
        return positive.orElseThrow().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_")
                + PROBABILITY;
    }

    /**
     * Writes the model to a temporary file in the same folder, then renames it.
     *
     * @param file file to write, usually named {@code *.onnx}
     * @param ifExists what to do if it exists
     * @throws IOException if the file exists and must not be replaced, or cannot be written
     * @throws IllegalArgumentException as for {@link #toBytes()}
     */
    public void write(Path file, IfExists ifExists) throws IOException {
        AtomicFile.checkWritable(file, ifExists);
        byte[] model = toBytes();
        AtomicFile.write(file, ifExists, out -> out.write(model));
    }

    /**
     * The bytes of the model file. Equal exports give equal bytes.
     *
     * @return an ONNX model
     * @throws IllegalArgumentException if a parameter is missing, has another length or a value
     *     that is not finite, or the model would take 2 GiB or more
     */
    public byte[] toBytes() {
        OnnxGraph graph = new OnnxGraph();
        graph.input(IMAGES, plan.inputShape());
        String normalized = input == Input.PIXELS ? normalize(graph) : IMAGES;
        OnnxConverter.convert(graph, normalized, plan, parameters);
        head.ifPresent(h -> addHead(graph, h));
        return graph.model("deepcovid", NOTICE, allMetadata());
    }

    /** Adds the normalisation of RGB samples; returns the name of the normalised tensor. */
    private String normalize(OnnxGraph graph) {
        String ordered = IMAGES;
        if (normalization.order() == ChannelOrder.BGR) {
            String order = graph.wholeNumbers(":bgr", 2, 1, 0);
            ordered = ":ordered";
            graph.operator(
                    "Gather", List.of(IMAGES, order), ordered, new Attributes().number("axis", 1));
        }
        float[] factors = new float[3];
        float[] summands = new float[3];
        for (int c = 0; c < 3; c++) {
            factors[c] = (float) (normalization.scale() / normalization.std().get(c));
            summands[c] = (float) (-normalization.mean().get(c) / normalization.std().get(c));
        }
        String factor = graph.constant(":pixel_factor", PER_CHANNEL, () -> factors);
        String summand = graph.constant(":pixel_summand", PER_CHANNEL, () -> summands);
        graph.operator("Mul", List.of(ordered, factor), ":scaled");
        graph.operator("Add", List.of(":scaled", summand), ":normalized");
        return ":normalized";
    }

    /** Adds the probability of the positive label, and of more than two labels all. */
    private void addHead(OnnxGraph graph, LinearHead head) {
        String weights =
                graph.constant(
                        ":head_weights", List.of(head.classes(), head.features()), head::weights);
        String bias = graph.constant(":head_bias", List.of(head.classes()), head::bias);
        graph.operator(
                "Gemm",
                List.of(NetworkOutput.FEATURES.id(), weights, bias),
                ":head_logits",
                new Attributes().number("transB", 1));
        boolean several = labels.size() > 2;
        String all = several ? PROBABILITIES : ":head_probabilities";
        graph.operator("Softmax", List.of(":head_logits"), all, new Attributes().number("axis", 1));
        String index = graph.wholeNumber(":head_positive", labels.indexOf(positive.orElseThrow()));
        graph.operator(
                "Gather",
                List.of(all, index),
                positiveOutput(),
                new Attributes().number("axis", 1));
        graph.output(positiveOutput(), List.of());
        if (several) {
            graph.output(PROBABILITIES, List.of(labels.size()));
        }
    }

    private Map<String, String> allMetadata() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("notice", NOTICE);
        all.put(
                "input",
                input == Input.PIXELS
                        ? "RGB, samples 0 to 255, not normalised"
                        : "normalised, channel order " + normalization.order());
        all.put("channel_order", normalization.order().name());
        all.put("scale", Double.toString(normalization.scale()));
        all.put("mean", normalization.mean().toString());
        all.put("std", normalization.std().toString());
        if (head.isPresent()) {
            all.put("labels", String.join(",", labels));
            all.put("positive", positive.orElseThrow());
        }
        threshold.ifPresent(value -> all.put("threshold", Double.toString(value)));
        new TreeMap<>(metadata).forEach(all::putIfAbsent);
        return all;
    }
}
