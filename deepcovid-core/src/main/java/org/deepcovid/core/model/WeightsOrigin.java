package org.deepcovid.core.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Name and checksum of the file with a backbone's weights.
 *
 * @param name file name or other short name, for people
 * @param sha256 SHA-256 of the file's bytes, 64 lower-case hexadecimal digits
 * @param trained whether the weights were learned from data; false for random initialisation, which
 *     reports must mention
 * @param images as far as it is known which images they were learned from: the first 16 hexadecimal
 *     digits of each file's SHA-256, sorted
 */
public record WeightsOrigin(String name, String sha256, boolean trained, List<String> images) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public WeightsOrigin {
        requireNonNull(name, "name is null");
        requireNonNull(sha256, "sha256 is null");
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "sha256 of %s is '%s'; expected 64 lower-case hexadecimal digits"
                            .formatted(name, sha256));
        }
        images = images.stream().sorted().distinct().toList();
    }

    /** An origin whose images are unknown. */
    public WeightsOrigin(String name, String sha256, boolean trained) {
        this(name, sha256, trained, List.of());
    }

    /** The same, learned from these images. */
    public WeightsOrigin withImages(List<String> shortHashes) {
        return new WeightsOrigin(name, sha256, trained, shortHashes);
    }
}
