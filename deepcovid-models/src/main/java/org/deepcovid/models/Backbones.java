package org.deepcovid.models;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneProvider;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.models.catalogue.CatalogueEntry;
import org.deepcovid.models.catalogue.WeightsCache;
import org.deepcovid.models.catalogue.WeightsCatalogue;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.WeightsException;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deepcovid.models.weights.WeightsWriter;

/**
 * The networks: {@code Backbones.load("resnet50")} loads published weights from the cache, {@code
 * load("resnet50", file)} a file, and {@link #bundled} the weights inside this jar.
 *
 * <p>A name is one of {@link #names} or an alias such as {@code ResNet-50}; another name, or a
 * backbone that is not of these networks, is an {@link IllegalArgumentException}. Weights that are
 * not available, or not exactly those of the network, are a {@link WeightsException}. A loaded
 * network has a head if its file has one.
 *
 * <p>A method that writes replaces an existing file, or leaves it unchanged if writing fails.
 */
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

    /** The short names of the networks, in alphabetical order. */
    public static Set<String> names() {
        return NETWORKS.keySet();
    }

    /**
     * Loads a network with the weights that the catalogue prefers for it; they are downloaded once
     * and verified at every use.
     */
    public static Backbone load(String name) {
        network(name);
        return load(
                WeightsCatalogue.find(nameOf(name)).get(0),
                WeightsCache.standard(),
                WeightsCache.DownloadListener.NONE);
    }

    /** Loads a network from a Keras HDF5 or zip file, or a safetensors file. */
    public static Backbone load(String name, Path weights) {
        return load(name, WeightsFile.of(weights));
    }

    /** Loads a network from a file whose checksum or flavour is known. */
    public static Backbone load(String name, WeightsFile weights) {
        return network(name).load(weights);
    }

    /** Loads a network with weights of a catalogue. */
    public static Backbone load(
            CatalogueEntry entry, WeightsCache cache, WeightsCache.DownloadListener listener) {
        Network network = network(entry.network());
        Path file = requireNonNull(cache, "cache is null").fetch(entry, listener);
        WeightsFile weights = WeightsFile.of(file).withFlavour(entry.flavour());
        return network.load(entry.sha256().map(weights::withSha256).orElse(weights));
    }

    /**
     * Loads the SqueezeNet 1.1 inside this library's jar, which serves to try the library out
     * without a download. It was trained on the training part of a small public set of radiographs
     * and on phantoms; {@code docs/bundled-backbone.md} says how good it is.
     *
     * @return the network without a head, normalised as {@link
     *     org.deepcovid.core.image.Normalization#TORCH}
     */
    public static Backbone bundled() {
        String images = new String(resource(SqueezeNet.BUNDLED_IMAGES), StandardCharsets.US_ASCII);
        return new SqueezeNet().bundled(bundledBytes(), images.lines().toList());
    }

    static byte[] bundledBytes() {
        return resource(SqueezeNet.BUNDLED);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Backbones.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new WeightsException(
                        "the jar of deepcovid-models lacks %s; was it repackaged without resources? use the published jar"
                                .formatted(name));
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new WeightsException(
                    "%s inside the jar of deepcovid-models cannot be read: %s".formatted(name, e),
                    e);
        }
    }

    /**
     * The network of a saved classifier without its head, as the start of further fine-tuning. Its
     * origin names the file and, in brackets, the weights that the classifier started from.
     *
     * @return a copy of the network that owns its memory
     * @throws org.deepcovid.core.ClassifierFileException if the file cannot be used
     */
    public static Backbone ofClassifier(Path file) {
        requireNonNull(file, "file is null");
        try (CovidClassifier classifier = CovidClassifier.load(file)) {
            Backbone loaded = classifier.backbone();
            WeightsOrigin first = loaded.origin();
            WeightsOrigin origin =
                    new WeightsOrigin(
                            "%s (classifier on %s)".formatted(file.getFileName(), first.name()),
                            FileHashes.sha256(file),
                            first.trained(),
                            images(classifier.provenance()));
            return ServiceLoader.load(BackboneProvider.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(known -> known.architecture().equals(loaded.spec().architecture()))
                    .findFirst()
                    .orElseThrow() // loading the classifier has found it
                    .restore(loaded.spec(), loaded.parameters(), origin);
        }
    }

    /** What the network's layers were learned from; a head alone leaves them as they are. */
    private static List<String> images(ModelProvenance made) {
        List<String> images = new ArrayList<>(made.weights().images());
        if (!made.trainedLayers().isEmpty()) {
            images.addAll(made.fittedImages());
        }
        return images;
    }

    /**
     * Makes a network of torchvision's flavour with random parameters and no head, for training
     * from scratch or for tests. Its origin is marked as untrained.
     *
     * @param seed same seed, same parameters
     */
    public static Backbone untrained(String name, long seed) {
        Network network = network(name);
        return network.untrained(network.spec(Flavour.TORCHVISION), OptionalInt.empty(), seed);
    }

    /**
     * Writes a backbone's weights, with its head if it has one, as safetensors with torchvision's
     * names. Reading the file gives the same network back.
     */
    public static void writeSafetensors(Backbone backbone, Path file) throws IOException {
        write(backbone, file, Layout.TORCH);
    }

    /**
     * Writes a backbone's weights, with its head if it has one, as an HDF5 file in the weights-only
     * layout of Keras 2. Reading the file gives the same network back.
     */
    public static void writeKerasWeights(Backbone backbone, Path file) throws IOException {
        write(backbone, file, Layout.KERAS);
    }

    /**
     * Writes a backbone's weights as {@link #writeSafetensors} does, each rounded to the nearest
     * half-precision number, which halves the file.
     *
     * @param texts free text by key, kept in the file's metadata, such as how the weights were made
     */
    public static void writeHalfPrecision(Backbone backbone, Path file, Map<String, String> texts)
            throws IOException {
        BackboneSpec spec = backbone.spec();
        WeightsWriter.writeHalfPrecision(
                file, backbone, network(spec).namingFor(Layout.TORCH, spec), texts);
    }

    /**
     * Writes network and head of a classifier as safetensors with torchvision's names; the head's
     * outputs are the classifier's labels, in their order. It takes the place of the network's own
     * head; with SqueezeNet, whose own is no linear layer, it is called {@code head}. Reading the
     * file gives a backbone whose logits are the classifier's, with the same parameters bit for
     * bit. Threshold and provenance are not in the file.
     */
    public static void writeSafetensors(CovidClassifier classifier, Path file) throws IOException {
        write(classifier, file, Layout.TORCH);
    }

    /**
     * Writes network and head of a classifier as an HDF5 file in the weights-only layout of Keras
     * 2, otherwise as {@link #writeSafetensors(CovidClassifier, Path)} does.
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

    /** The name without case and separators; architectures count as names too. */
    private static String nameOf(String name) {
        String plain =
                requireNonNull(name, "name is null")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[-_ .]", "");
        return plain.equals("squeezenet11") ? "squeezenet" : plain;
    }

    static Network network(String name) {
        Supplier<Network> network = NETWORKS.get(nameOf(name));
        if (network == null) {
            throw new IllegalArgumentException(
                    "there is no network '%s'; expected one of %s".formatted(name, names()));
        }
        return network.get();
    }
}
