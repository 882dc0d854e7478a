package org.deepcovid.models.weights;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A weights file and what its user knows about it.
 *
 * @param path the file
 * @param trained whether the values were learned from data; only files of this library say so
 *     themselves, so this is true unless {@link #untrained()} is called
 * @param flavour which variant of the network the values belong to, where the file alone cannot
 *     tell; empty leaves it to the rule that the network's class documents
 * @param sha256 what the checksum must be, 64 lower-case hexadecimal digits; empty if unknown
 * @param images what the values were learned from, as far as it is known; see {@link
 *     org.deepcovid.core.model.WeightsOrigin#images()}
 */
public record WeightsFile(
        Path path,
        boolean trained,
        Optional<Flavour> flavour,
        Optional<String> sha256,
        List<String> images) {

    /**
     * @throws IllegalArgumentException if the checksum has another form
     */
    public WeightsFile {
        requireNonNull(path, "path is null");
        requireNonNull(flavour, "flavour is null");
        requireNonNull(sha256, "sha256 is null");
        images = List.copyOf(images);
        if (!sha256.orElse("0".repeat(64)).matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "sha256 for %s is '%s'; expected 64 lower-case hexadecimal digits"
                            .formatted(path, sha256.get()));
        }
    }

    /** Weights that were learned from data. */
    public static WeightsFile of(Path path) {
        return new WeightsFile(path, true, Optional.empty(), Optional.empty(), List.of());
    }

    /** Says that the values were drawn at random; reports will mention it. */
    public WeightsFile untrained() {
        return new WeightsFile(path, false, flavour, sha256, images);
    }

    /** Says which variant of the network the values belong to. */
    public WeightsFile withFlavour(Flavour known) {
        return new WeightsFile(path, trained, Optional.of(known), sha256, images);
    }

    /**
     * Says what the file's checksum must be; loading fails if it is another.
     *
     * @param expected SHA-256 of the file's bytes, 64 hexadecimal digits of either case
     */
    public WeightsFile withSha256(String expected) {
        return new WeightsFile(
                path, trained, flavour, Optional.of(expected.toLowerCase(Locale.ROOT)), images);
    }

    /**
     * Says which images the values were learned from, so that scores of those are not mistaken for
     * scores of unseen images.
     *
     * @param shortHashes the first 16 hexadecimal digits of each file's SHA-256
     */
    public WeightsFile withImages(List<String> shortHashes) {
        return new WeightsFile(path, trained, flavour, sha256, shortHashes);
    }

    /**
     * Which library's variant of a network some weights belong to. The variants differ in details
     * that change every output: where a stage strides, the epsilon of batch normalisation, how
     * inputs are normalised.
     */
    public enum Flavour {
        /** As in Keras Applications. */
        KERAS("keras"),
        /** As in torchvision, and in timm where it carries torchvision's networks. */
        TORCHVISION("torchvision");

        private final String id;

        Flavour(String id) {
            this.id = id;
        }

        /** Name of the flavour in specs and files. */
        public String id() {
            return id;
        }

        /** The flavour of a name. */
        public static Optional<Flavour> ofId(String id) {
            return Arrays.stream(values()).filter(flavour -> flavour.id.equals(id)).findFirst();
        }
    }
}
