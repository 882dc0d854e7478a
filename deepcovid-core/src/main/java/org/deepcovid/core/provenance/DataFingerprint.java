package org.deepcovid.core.provenance;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.io.FileHashes;

/**
 * Identifies a set of images by ids, labels and file contents, independent of order and folder.
 *
 * @param sha256 checksum over the sorted lines {@code id NUL label NUL SHA-256 of the file LF}, 64
 *     lower-case hexadecimal digits
 * @param images number of images
 * @param covidImages number of images labelled COVID-19
 * @param patients number of different patients; equal to {@code images} where they are unknown
 */
public record DataFingerprint(String sha256, int images, int covidImages, int patients) {

    public DataFingerprint {
        requireNonNull(sha256, "sha256 is null");
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "sha256 is '%s'; expected 64 hexadecimal digits".formatted(sha256));
        }
        if (images < 0 || covidImages < 0 || covidImages > images || patients > images) {
            throw new IllegalArgumentException(
                    "fingerprint of %d images has %d of covid and %d patients; expected no more"
                                    .formatted(images, covidImages, patients)
                            + " than images");
        }
    }

    /**
     * Reads every file once, in parallel.
     *
     * @throws java.io.UncheckedIOException if a file cannot be read; the message names it
     */
    public static DataFingerprint of(List<LabelledImage> images) {
        List<String> lines = images.parallelStream().map(DataFingerprint::line).sorted().toList();
        MessageDigest digest = FileHashes.newDigest();
        lines.forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
        return new DataFingerprint(
                FileHashes.hex(digest),
                images.size(),
                (int) images.stream().filter(i -> i.label().equals(Label.COVID)).count(),
                (int) images.stream().map(LabelledImage::patient).distinct().count());
    }

    private static String line(LabelledImage image) {
        return image.id() + '\0' + image.label().name() + '\0' + image.sha256() + '\n';
    }
}
