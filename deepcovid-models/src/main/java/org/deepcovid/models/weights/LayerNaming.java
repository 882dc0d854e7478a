package org.deepcovid.models.weights;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The layer names of one generation of weights files.
 *
 * @param description of the generation, for messages
 * @param layout of the files that use it
 * @param fileName maps the graph's layer name to the file's; injective
 */
public record LayerNaming(String description, Layout layout, UnaryOperator<String> fileName) {

    /** Rejects null components. */
    public LayerNaming {
        requireNonNull(description, "description is null");
        requireNonNull(layout, "layout is null");
        requireNonNull(fileName, "fileName is null");
    }

    private static final int SHOWN = 5;

    /** Names of a generation of Keras files. */
    public static LayerNaming keras(String description, UnaryOperator<String> fileName) {
        return new LayerNaming(description, Layout.KERAS, fileName);
    }

    /** Names of a generation of PyTorch files. */
    public static LayerNaming torch(String description, UnaryOperator<String> fileName) {
        return new LayerNaming(description, Layout.TORCH, fileName);
    }

    /**
     * The naming that finds most layers in a file, or the first of equally good ones.
     *
     * @throws WeightsException if none finds a layer
     */
    static LayerNaming best(
            String network,
            Path file,
            Collection<String> layers,
            TensorFile tensors,
            List<LayerNaming> namings) {
        return namings.stream()
                .filter(naming -> naming.hits(layers, tensors) > 0)
                .max(Comparator.comparing(naming -> naming.hits(layers, tensors)))
                .orElseThrow(
                        () ->
                                new WeightsException(
                                        ("%s (%s) holds no layer of %s; it holds %s. Give a weights"
                                             + " file of %s, or load this one with the network it"
                                             + " belongs to%s")
                                                .formatted(
                                                        file,
                                                        tensors.kind(),
                                                        network,
                                                        sample(tensors),
                                                        network,
                                                        tensors.advice())));
    }

    /** Kernels and gammas share the first position in Keras and the name "weight" in PyTorch. */
    private long hits(Collection<String> layers, TensorFile tensors) {
        return layout == tensors.layout()
                ? layers.stream()
                        .map(layer -> Parameter.key(this, layer, Parameter.Role.CONV_KERNEL))
                        .filter(tensors.tensors()::containsKey)
                        .count()
                : 0;
    }

    private static String sample(TensorFile tensors) {
        List<String> names =
                tensors.tensors().values().stream()
                        .limit(SHOWN)
                        .map(TensorFile.StoredTensor::name)
                        .toList();
        int more = tensors.tensors().size() - names.size();
        return names.isEmpty()
                ? "no tensors"
                : String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
    }

    /** How a family of weights files names and orders its values. */
    public enum Layout {
        /**
         * Keras: weights of a layer by position; convolution kernels [h, w, in, out], dense kernels
         * [in, out].
         */
        KERAS,
        /**
         * PyTorch: weights by dotted name; convolution kernels [out, in, h, w], dense kernels [out,
         * in].
         */
        TORCH
    }
}
