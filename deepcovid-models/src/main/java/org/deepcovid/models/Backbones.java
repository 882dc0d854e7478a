package org.deepcovid.models;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.models.weights.Flavour;
import org.deepcovid.models.weights.Layout;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsWriter;

/** The networks by short name, for configuration files and command lines. */
public final class Backbones {

    private static final Map<String, Supplier<Network>> NETWORKS =
            Collections.unmodifiableMap(
                    new TreeMap<>(
                            Map.of(
                                    "densenet121",
                                    DenseNet121::new,
                                    "resnet18",
                                    ResNet18::new,
                                    "resnet50",
                                    ResNet50::new,
                                    "squeezenet",
                                    SqueezeNet::new)));

    private Backbones() {}

    /**
     * The names that {@link #pretrained} takes.
     *
     * @return in alphabetical order
     */
    public static Set<String> names() {
        return NETWORKS.keySet();
    }

    /**
     * Loads a network by name.
     *
     * @param name one of {@link #names}
     * @param weights weights file
     * @return as the network's own {@code pretrained} method
     * @throws IllegalArgumentException if there is no network of that name
     * @throws org.deepcovid.models.weights.WeightsException if the weights cannot be used
     */
    public static Backbone pretrained(String name, Path weights) {
        return pretrained(name, WeightsFile.of(weights));
    }

    /**
     * Loads a network by name, with weights of which more is known than the path.
     *
     * @param name one of {@link #names}
     * @param weights the file
     * @return as the network's own {@code pretrained} method
     * @throws IllegalArgumentException if there is no network of that name
     * @throws org.deepcovid.models.weights.WeightsException if the weights cannot be used
     */
    public static Backbone pretrained(String name, WeightsFile weights) {
        return network(name).load(weights);
    }

    /**
     * Makes a network of torchvision's flavour with random parameters and no head, to train from
     * scratch or to try things out. Its origin is marked as untrained.
     *
     * @param name one of {@link #names}
     * @param seed same seed, same parameters
     * @return the network
     * @throws IllegalArgumentException if there is no network of that name
     */
    public static Backbone untrained(String name, long seed) {
        Network network = network(name);
        return network.untrained(network.spec(Flavour.TORCHVISION), OptionalInt.empty(), seed);
    }

    /**
     * Writes a backbone's weights, with its head if it has one, as safetensors with torchvision's
     * names. Reading the file gives the same network back.
     *
     * @param backbone one of this catalogue's networks
     * @param file replaced if it exists
     * @throws IOException if writing fails; an existing file is then unchanged
     * @throws IllegalArgumentException if the backbone is not of this catalogue
     */
    public static void writeSafetensors(Backbone backbone, Path file) throws IOException {
        write(backbone, file, Layout.TORCH);
    }

    /**
     * Writes a backbone's weights, with its head if it has one, as an HDF5 file in the weights-only
     * layout of Keras 2. Reading the file gives the same network back.
     *
     * @param backbone one of this catalogue's networks
     * @param file replaced if it exists
     * @throws IOException if writing fails; an existing file is then unchanged
     * @throws IllegalArgumentException if the backbone is not of this catalogue
     */
    public static void writeKerasWeights(Backbone backbone, Path file) throws IOException {
        write(backbone, file, Layout.KERAS);
    }

    /**
     * Writes a backbone's weights as {@link #writeSafetensors} does, each rounded to the nearest
     * half-precision number, which halves the file.
     *
     * @param backbone one of this catalogue's networks
     * @param file replaced if it exists
     * @param texts free text by key, kept in the file's metadata, such as how the weights were made
     * @throws IOException if writing fails; an existing file is then unchanged
     * @throws IllegalArgumentException if the backbone is not of this catalogue
     */
    public static void writeHalfPrecision(Backbone backbone, Path file, Map<String, String> texts)
            throws IOException {
        BackboneSpec spec = backbone.spec();
        WeightsWriter.writeHalfPrecision(
                file, backbone, network(spec).namingFor(Layout.TORCH, spec), texts);
    }

    /**
     * Writes network and head of a classifier as safetensors with torchvision's names; the head's
     * two outputs are those of {@link org.deepcovid.core.CovidLabel}, in its order. It takes the
     * place of the network's own head; with SqueezeNet, whose own is no linear layer, it is called
     * {@code head}. Reading the file gives a backbone whose logits are the classifier's, with the
     * same parameters bit for bit. Threshold and provenance are not in the file.
     *
     * @param classifier on one of this catalogue's networks
     * @param file replaced if it exists
     * @throws IOException if writing fails; an existing file is then unchanged
     * @throws IllegalArgumentException if the network is not of this catalogue
     */
    public static void writeSafetensors(CovidClassifier classifier, Path file) throws IOException {
        write(classifier, file, Layout.TORCH);
    }

    /**
     * Writes network and head of a classifier as an HDF5 file in the weights-only layout of Keras
     * 2, otherwise as {@link #writeSafetensors(CovidClassifier, Path)} does.
     *
     * @param classifier on one of this catalogue's networks
     * @param file replaced if it exists
     * @throws IOException if writing fails; an existing file is then unchanged
     * @throws IllegalArgumentException if the network is not of this catalogue
     */
    public static void writeKerasWeights(CovidClassifier classifier, Path file) throws IOException {
        write(classifier, file, Layout.KERAS);
    }

    private static void write(CovidClassifier classifier, Path file, Layout layout)
            throws IOException {
        try (Backbone whole =
                network(classifier.spec()).withHead(classifier.backbone(), classifier.head())) {
            write(whole, file, layout);
        }
    }

    private static void write(Backbone backbone, Path file, Layout layout) throws IOException {
        BackboneSpec spec = backbone.spec();
        WeightsWriter.write(file, backbone, network(spec).namingFor(layout, spec));
    }

    private static Network network(BackboneSpec spec) {
        return NETWORKS.values().stream()
                .map(Supplier::get)
                .filter(known -> known.architecture().equals(spec.architecture()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "%s is none of the networks %s, whose layers have names in weights files"
                                                .formatted(spec.architecture(), names())));
    }

    static Network network(String name) {
        Supplier<Network> network = NETWORKS.get(requireNonNull(name, "name is null"));
        if (network == null) {
            throw new IllegalArgumentException(
                    "there is no network '%s'; expected one of %s".formatted(name, names()));
        }
        return network.get();
    }
}
