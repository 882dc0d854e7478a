package org.deepcovid.core.model;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * Name and checksum of the file with a backbone's weights.
 *
 * @param name file name or other short name, for people
 * @param sha256 SHA-256 of the file's bytes, 64 lower-case hexadecimal digits
 * @param trained whether the weights were learned from data; false for random initialisation, which
 *     reports must mention
 */
public record WeightsOrigin(String name, String sha256, boolean trained) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public WeightsOrigin {
        requireNonNull(name, "name is null");
        requireNonNull(sha256, "sha256 is null");
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "sha256 of %s is '%s'; expected 64 lower-case hexadecimal digits"
                            .formatted(name, sha256));
        }
    }
}
