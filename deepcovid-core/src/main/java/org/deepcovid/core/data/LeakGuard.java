package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.deepcovid.core.DatasetException;

/**
 * Rejects splits whose parts share a patient or a file, because test results on patients or images
 * seen in training are too optimistic.
 */
public final class LeakGuard {

    private LeakGuard() {}

    /**
     * Checks that each patient's images are in one part.
     *
     * @param parts images of each part
     * @throws DatasetException naming the patients in several parts, with an image from each
     */
    public static void requireSeparatePatients(Map<SplitPart, List<LabelledImage>> parts) {
        requireSeparate(parts, LabelledImage::patient, "patient %s is in %s");
    }

    /**
     * Checks that no file of one part equals, byte for byte, a file of another. Every file is read
     * once.
     *
     * @param parts images of each part
     * @throws DatasetException naming the equal files
     */
    public static void requireSeparateContent(Map<SplitPart, List<LabelledImage>> parts) {
        List<LabelledImage> all = parts.values().stream().flatMap(List::stream).toList();
        requireSeparateContent(parts, ContentHashes.of(all));
    }

    static void requireSeparateContent(
            Map<SplitPart, List<LabelledImage>> parts, Map<LabelledImage, String> hashes) {
        requireSeparate(parts, hashes::get, "the file with SHA-256 %s is in %s");
    }

    private static void requireSeparate(
            Map<SplitPart, List<LabelledImage>> parts,
            Function<LabelledImage, String> key,
            String format) {
        Map<String, Map<SplitPart, LabelledImage>> seen = new TreeMap<>();
        new TreeMap<>(parts)
                .forEach(
                        (part, images) ->
                                images.forEach(
                                        image ->
                                                seen.computeIfAbsent(
                                                                key.apply(image),
                                                                k -> new EnumMap<>(SplitPart.class))
                                                        .putIfAbsent(part, image)));
        List<String> problems = new ArrayList<>();
        seen.forEach(
                (value, places) -> {
                    if (places.size() > 1) {
                        problems.add(format.formatted(value, describe(places)));
                    }
                });
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "split",
                    problems,
                    "expected disjoint parts; keep each of these in one part only");
        }
    }

    private static String describe(Map<SplitPart, LabelledImage> places) {
        List<String> names = new ArrayList<>();
        places.forEach((part, image) -> names.add(part.folderName() + " (" + image.id() + ")"));
        return String.join(" and ", names);
    }
}
