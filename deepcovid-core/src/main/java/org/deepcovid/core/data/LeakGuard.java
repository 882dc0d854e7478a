package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deepcovid.core.DatasetException;

/**
 * Rejects splits whose parts share a patient or an image, because test results on patients or
 * images seen in training are too optimistic, and images that have two labels.
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
        Map<String, Map<SplitPart, LabelledImage>> seen = new TreeMap<>();
        new TreeMap<>(parts)
                .forEach(
                        (part, images) ->
                                images.forEach(
                                        image ->
                                                seen.computeIfAbsent(
                                                                image.patient(),
                                                                k -> new EnumMap<>(SplitPart.class))
                                                        .putIfAbsent(part, image)));
        List<String> problems = new ArrayList<>();
        seen.forEach(
                (patient, places) -> {
                    if (places.size() > 1) {
                        Map<String, LabelledImage> byName = new LinkedHashMap<>();
                        places.forEach((part, image) -> byName.put(part.folderName(), image));
                        problems.add("patient %s is in %s".formatted(patient, describe(byName)));
                    }
                });
        throwIfAny(problems, "expected disjoint parts; keep each of these in one part only");
    }

    /**
     * Checks that equal images are in one part and have one label. Equal are files that are byte
     * for byte equal; once every image has been decoded, also those with equal pixels.
     *
     * @param parts images of each part
     * @throws DatasetException naming the equal images
     */
    public static void requireSeparateContent(Map<SplitPart, List<LabelledImage>> parts) {
        requireSeparateContent(parts, ContentHashes.of(all(parts)));
    }

    static void requireSeparateContent(
            Map<SplitPart, List<LabelledImage>> parts, Map<LabelledImage, String> hashes) {
        Map<LabelledImage, SplitPart> partOf = new HashMap<>();
        parts.forEach((part, images) -> images.forEach(image -> partOf.put(image, part)));
        List<String> problems = new ArrayList<>();
        for (List<LabelledImage> equal : ContentHashes.equal(hashes, all(parts))) {
            Map<String, LabelledImage> labels = new LinkedHashMap<>();
            Map<String, LabelledImage> places = new LinkedHashMap<>();
            for (LabelledImage image : equal) {
                labels.putIfAbsent(image.label().name(), image);
                places.putIfAbsent(partOf.get(image).folderName(), image);
            }
            if (labels.size() > 1) {
                problems.add("equal images have the labels " + describe(labels));
            } else if (places.size() > 1) {
                problems.add("equal images are in " + describe(places));
            }
        }
        throwIfAny(
                problems,
                "expected one label and one part for equal images; remove or correct them (prepare"
                        + " keeps those without marked parts together)");
    }

    private static List<LabelledImage> all(Map<SplitPart, List<LabelledImage>> parts) {
        return new TreeMap<>(parts).values().stream().flatMap(List::stream).toList();
    }

    private static void throwIfAny(List<String> problems, String advice) {
        if (!problems.isEmpty()) {
            throw new DatasetException("split", problems, advice);
        }
    }

    private static String describe(Map<String, LabelledImage> places) {
        List<String> names = new ArrayList<>();
        places.forEach((place, image) -> names.add("%s (%s)".formatted(place, image.id())));
        return String.join(" and ", names);
    }
}
