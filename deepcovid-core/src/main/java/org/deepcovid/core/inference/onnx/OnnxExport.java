package org.deepcovid.core.inference.onnx;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.inference.plan.ActivationShape;
import org.deepcovid.core.inference.plan.NetworkOutput;
import org.deepcovid.core.inference.plan.NetworkParameters;
import org.deepcovid.core.inference.plan.NetworkPlan;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.LinearHead;

/**
 * A network, and a classifier on it, as an ONNX model file (opset 13) for other programs. The model
 * takes {@value OnnxModel#IMAGES}, float32 [N, 3, H, W] for any N, and gives the outputs of the
 * plan under {@link NetworkOutput#id()}; with a head also {@value #COVID_PROBABILITY}, float32 [N].
 * Its metadata tells labels, threshold and normalisation, and that the model is no diagnostic
 * device.
 *
 * @param plan the network; its outputs become the model's
 * @param parameters every parameter of the plan
 * @param normalization what the network expects of its inputs
 * @param input what the model takes
 * @param head classifier on the pooled features
 * @param labels what the head's outputs stand for, in order; empty without a head
 * @param threshold score from which on the last label is given; metadata only
 * @param metadata further entries; they do not replace the model's own
 */
public record OnnxExport(
        NetworkPlan plan,
        NetworkParameters parameters,
        Normalization normalization,
        Input input,
        Optional<LinearHead> head,
        List<String> labels,
        OptionalDouble threshold,
        Map<String, String> metadata) {

    /** Name of the output that holds the probability of the last label, [N]. */
    public static final String COVID_PROBABILITY = "covid_probability";

    /** What stands in every exported model, as documentation and as metadata. */
    public static final String NOTICE =
            "Scores of a research model. Not a diagnostic device; not for clinical decisions.";

    /** What an exported model takes. */
    public enum Input {
        /** Pixels already normalised, the channels in the order of the normalisation. */
        NORMALIZED,
        /** Samples of 0 to 255 in the order red, green, blue; the model normalises them. */
        PIXELS
    }

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if the plan does not take three channels, or a head does not
     *     fit the plan's features or the labels
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
                    "the network takes %s; expected three channels"
                            .formatted(plan.inputShape().extents()));
        }
        if (head.isPresent()) {
            requireFitting(plan, head.get(), labels);
        } else if (!labels.isEmpty()) {
            throw new IllegalArgumentException("labels are %s without a head".formatted(labels));
        }
    }

    private static void requireFitting(NetworkPlan plan, LinearHead head, List<String> labels) {
        String features = plan.outputs().get(NetworkOutput.FEATURES);
        int found = features == null ? 0 : plan.shapes().get(features).channels();
        if (head.features() != found || head.classes() != labels.size()) {
            throw new IllegalArgumentException(
                    ("the head maps %d features to %d classes; the network gives %d features, and"
                                    + " the labels are %s")
                            .formatted(head.features(), head.classes(), found, labels));
        }
    }

    /**
     * A network alone, with normalised input.
     *
     * @param plan as for the component
     * @param parameters as for the component
     * @param normalization as for the component
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
                OptionalDouble.empty(),
                Map.of());
    }

    /**
     * The same with another input.
     *
     * @param newInput what the model is to take
     * @return the copy
     */
    public OnnxExport withInput(Input newInput) {
        return new OnnxExport(
                plan, parameters, normalization, newInput, head, labels, threshold, metadata);
    }

    /**
     * The same with a classifier on the pooled features.
     *
     * @param newHead linear layer
     * @param newLabels what its outputs stand for; the last is the positive one
     * @return the copy
     * @throws IllegalArgumentException if it does not fit the features or the labels
     */
    public OnnxExport withHead(LinearHead newHead, List<String> newLabels) {
        return new OnnxExport(
                plan,
                parameters,
                normalization,
                input,
                Optional.of(newHead),
                newLabels,
                threshold,
                metadata);
    }

    /**
     * The same with a threshold in its metadata.
     *
     * @param newThreshold score from which on an image is called positive
     * @return the copy
     */
    public OnnxExport withThreshold(double newThreshold) {
        return new OnnxExport(
                plan,
                parameters,
                normalization,
                input,
                head,
                labels,
                OptionalDouble.of(newThreshold),
                metadata);
    }

    /**
     * The same with other further metadata, such as what made the model.
     *
     * @param newMetadata text by key
     * @return the copy
     */
    public OnnxExport withMetadata(Map<String, String> newMetadata) {
        return new OnnxExport(
                plan, parameters, normalization, input, head, labels, threshold, newMetadata);
    }

    /**
     * Writes the model to a file, first under a temporary name in the same folder.
     *
     * @param file to be written, usually named {@code *.onnx}
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
     * The model. Equal exports give equal bytes.
     *
     * @return bytes of the file
     * @throws IllegalArgumentException if a parameter is missing, has another length or a value
     *     that is not finite, or the model would take 2 GiB or more
     */
    public byte[] toBytes() {
        OnnxGraph graph = new OnnxGraph();
        graph.input(OnnxModel.IMAGES, plan.inputShape());
        String images = OnnxModel.IMAGES;
        if (input == Input.PIXELS) {
            images = PixelInput.add(graph, images, normalization);
        }
        new PlanTranslation(graph, plan, parameters).translate(images);
        Map<String, ActivationShape> shapes = plan.shapes();
        plan.outputs()
                .forEach((output, node) -> graph.output(output.id(), shapes.get(node).extents()));
        head.ifPresent(h -> HeadOutput.add(graph, h, COVID_PROBABILITY));
        return graph.model("deepcovid", NOTICE, allMetadata());
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
        }
        threshold.ifPresent(value -> all.put("threshold", Double.toString(value)));
        new TreeMap<>(metadata).forEach(all::putIfAbsent);
        return all;
    }
}
