package org.deepcovid.core.model;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * Where a backbone's weights came from.
 *
 * @param name file name or other short name, for people
 * @param sha256 SHA-256 of the file's bytes, 64 lower-case hexadecimal digits
 * @param trained whether the weights were learned from data; false for random initialisation, which
 *     reports must mention
 */
public record WeightsOrigin(String name, String sha256, boolean trained) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the checksum is not a SHA-256 in lower-case hexadecimal
     */
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
