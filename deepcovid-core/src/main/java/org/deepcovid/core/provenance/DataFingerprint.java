package org.deepcovid.core.provenance;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.io.FileHashes;

/**
 * Identifies a set of images by ids, labels and file contents, independent of order and folder.
 *
 * @param sha256 checksum over the sorted lines {@code id NUL label NUL SHA-256 of the file LF}, 64
 *     lower-case hexadecimal digits
 * @param imagesByLabel number of images of each label, in the order of the labels; unmodifiable
 * @param patients number of different patients; equal to {@link #images()} where they are unknown
 */
public record DataFingerprint(String sha256, Map<String, Integer> imagesByLabel, int patients) {

    public DataFingerprint {
        requireNonNull(sha256, "sha256 is null");
        imagesByLabel = Collections.unmodifiableMap(new LinkedHashMap<>(imagesByLabel));
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "sha256 is '%s'; expected 64 hexadecimal digits".formatted(sha256));
        }
        long images = imagesByLabel.values().stream().mapToLong(i -> i).sum();
        if (imagesByLabel.values().stream().anyMatch(count -> count < 0)
                || images > Integer.MAX_VALUE
                || patients < 0
                || patients > images) {
            throw new IllegalArgumentException(
                    ("fingerprint counts %s images and %d patients; expected no negative number and"
                                    + " no more patients than images")
                            .formatted(imagesByLabel, patients));
        }
    }

    /**
     * Reads every file once, in parallel.
     *
     * @param labels of the images
     * @throws java.io.UncheckedIOException if a file cannot be read; the message names it
     */
    public static DataFingerprint of(LabelSet labels, List<LabelledImage> images) {
        List<String> lines = images.parallelStream().map(DataFingerprint::line).sorted().toList();
        MessageDigest digest = FileHashes.newDigest();
        lines.forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
        Map<String, Integer> counts = new LinkedHashMap<>();
        labels.names().forEach(name -> counts.put(name, 0));
        images.forEach(image -> counts.merge(image.label().name(), 1, Integer::sum));
        return new DataFingerprint(
                FileHashes.hex(digest),
                counts,
                (int) images.stream().map(LabelledImage::patient).distinct().count());
    }

    private static String line(LabelledImage image) {
        return image.id() + '\0' + image.label().name() + '\0' + image.sha256() + '\n';
    }

    /** Number of images. */
    public int images() {
        return imagesByLabel.values().stream().mapToInt(count -> count).sum();
    }

    /** Number of images with a label; 0 for a label that is unknown here. */
    public int count(Label label) {
        return imagesByLabel.getOrDefault(label.name(), 0);
    }
}
