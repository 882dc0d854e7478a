package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
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

    /**
     * Checks that near copies have one label, that none of them is a test image unless all are, and
     * that those with marked parts are in one.
     *
     * @param fitting training and validation images; decoded if they were not before, as the
     *     following
     * @param test none to check the others alone
     * @param checked how many of the first images were checked among each other before
     * @param nearCopies nothing is checked if they are allowed
     * @return near copies that are no problem
     * @throws DatasetException naming the images
     */
    static List<NearCopies.Copies> requireSeparatePictures(
            List<LabelledImage> fitting,
            List<LabelledImage> test,
            int checked,
            NearCopies.Policy nearCopies) {
        if (nearCopies == NearCopies.Policy.ALLOW) {
            return List.of();
        }
        List<NearCopies.Copies> harmless = new ArrayList<>();
        Set<LabelledImage> tested = new HashSet<>(test);
        List<String> problems = new ArrayList<>();
        for (NearCopies.Copies pair :
                NearCopies.of(Stream.concat(fitting.stream(), test.stream()).toList(), checked)) {
            if (pair.differs(LabelledImage::label)
                    || pair.differs(tested::contains)
                    || pair.differs(LabelledImage::part)) {
                problems.add(
                        "%s and %s show the same picture"
                                .formatted(
                                        describe(pair.first(), tested),
                                        describe(pair.second(), tested)));
            } else {
                harmless.add(pair);
            }
        }
        throwIfAny(
                problems,
                "remove one image of each pair, or give both one label and one part (prepare keeps"
                        + " those of one label without marked parts together); if they are"
                        + " different pictures, allow them (--near-copies allow, or"
                        + " RunOptions.withNearCopies)");
        return List.copyOf(harmless);
    }

    private static String describe(LabelledImage image, Set<LabelledImage> tested) {
        String part =
                tested.contains(image)
                        ? SplitPart.TEST.folderName()
                        : image.part().map(SplitPart::folderName).orElse("fitting");
        return "%s (%s, %s)".formatted(image.id(), part, image.label());
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
