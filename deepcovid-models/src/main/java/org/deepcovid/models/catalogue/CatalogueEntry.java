package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import org.deepcovid.models.weights.WeightsFile.Flavour;

/**
 * One published weights file. What is not known for certain is left empty.
 *
 * @param id short name, unique in a catalogue: lower-case letters, digits, {@code . _ -}
 * @param network short name, such as {@code resnet50}
 * @param fileName name in the cache and on mirrors, without folders
 * @param address the publisher's http or https address; empty if the file must be placed by hand
 * @param size bytes; empty if not known exactly
 * @param sha256 64 lower-case hexadecimal digits; empty if not known
 * @param md5 32 lower-case hexadecimal digits, as published; detects damage, not malice
 * @param licence SPDX identifier, as published
 * @param flavour which library's variant of the network the weights belong to
 * @param normalisation {@code "caffe"} or {@code "torch"}: how input images are normalised
 * @param accuracy as published; empty if nothing was published for this very file
 * @param verifiedOn ISO date on which size and SHA-256 were computed from the file itself; empty if
 *     they were not
 * @param note sources of the above, for people
 */
public record CatalogueEntry(
        String id,
        String network,
        String fileName,
        Optional<URI> address,
        OptionalLong size,
        Optional<String> sha256,
        Optional<String> md5,
        String licence,
        Flavour flavour,
        String normalisation,
        Optional<Accuracy> accuracy,
        Optional<String> verifiedOn,
        String note) {

    /**
     * Accuracy on the ImageNet validation set, as published.
     *
     * @param top1 share of images whose first answer is right, in (0, 1)
     * @param top5 share of images with the right answer among the first five, in (0, 1)
     * @param source the publication
     */
    public record Accuracy(double top1, double top5, String source) {

        /** Requires {@code 0 < top1 <= top5 < 1}. */
        public Accuracy {
            requireNonNull(source, "source is null");
            if (!(top1 > 0 && top1 <= top5 && top5 < 1)) {
                throw new IllegalArgumentException(
                        "top1 is %s and top5 %s; expected 0 < top1 <= top5 < 1 (percentages?)"
                                .formatted(top1, top5));
            }
        }
    }

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

    /** Requires the documented form of every component. */
    public CatalogueEntry {
        check("id", id, matches(id, NAME), NAME);
        check("network of " + id, network, matches(network, NAME), NAME);
        check("fileName of " + id, fileName, matches(fileName, NAME), NAME);
        address.ifPresent(uri -> check("address of " + id, uri, isWeb(uri), "an http address"));
        size.ifPresent(bytes -> check("size of " + id, bytes, bytes > 0, "more than 0 bytes"));
        sha256.ifPresent(
                hex ->
                        check(
                                "sha256 of " + id,
                                hex,
                                matches(hex, "[0-9a-f]{64}"),
                                "64 hex digits"));
        md5.ifPresent(
                hex -> check("md5 of " + id, hex, matches(hex, "[0-9a-f]{32}"), "32 hex digits"));
        requireNonNull(licence, "licence is null");
        requireNonNull(flavour, "flavour is null");
        check(
                "normalisation of " + id,
                normalisation,
                matches(normalisation, "caffe|torch"),
                "caffe or torch");
        requireNonNull(accuracy, "accuracy is null");
        verifiedOn.ifPresent(LocalDate::parse);
        requireNonNull(note, "note is null");
    }

    /** Whether the SHA-256 is known, so that a download can be verified. */
    public boolean hasKnownChecksum() {
        return sha256.isPresent();
    }

    private static boolean isWeb(URI uri) {
        return uri.getHost() != null && matches(uri.getScheme(), "(?i)https?");
    }

    private static boolean matches(String text, String pattern) {
        return text != null && text.matches(pattern);
    }

    private static void check(String what, Object value, boolean right, String expected) {
        if (!right) {
            throw new IllegalArgumentException(
                    "%s is '%s'; expected %s".formatted(what, value, expected));
        }
    }
}
