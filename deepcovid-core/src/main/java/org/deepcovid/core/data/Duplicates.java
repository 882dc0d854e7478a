package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Images that are equal in their bytes or in their decoded pixels, or near copies. */
final class Duplicates {

    static final String SHA256 = "sha256";

    static final String RULE =
            "equal-images: of images with equal bytes or pixels, and of near copies (encoded again,"
                    + " resized, slightly cropped, brighter), the first is kept, and their patients"
                    + " count as one; if their labels differ, all are left out";

    private final Map<String, String> samePatient = new HashMap<>();

    /** Of a group of copies its first image; images without copies are left out. */
    private final Map<LabelledImage, LabelledImage> first = new HashMap<>();

    /**
     * Applies {@link #RULE}; every image is decoded.
     *
     * @param leftOut receives an image and the reason
     * @return what is kept, in order, with the attribute {@value #SHA256}
     * @throws org.deepcovid.core.DatasetException naming the images that cannot be decoded
     */
    List<LabelledImage> remove(
            List<LabelledImage> images, BiConsumer<LabelledImage, String> leftOut) {
        Map<LabelledImage, String> pixels = ContentHashes.ofPixels(images);
        for (List<LabelledImage> equal : ContentHashes.equal(pixels, images)) {
            equal.forEach(image -> join(equal.get(0), image));
        }
        List<LabelledImage> distinct = images.stream().filter(i -> first(i).equals(i)).toList();
        NearCopies.of(distinct).forEach(pair -> join(pair.first(), pair.second()));
        Set<LabelledImage> conflicts = new HashSet<>();
        first.forEach(
                (image, earlier) -> {
                    if (!image.label().equals(first(image).label())) {
                        conflicts.add(first(image));
                    }
                });
        List<LabelledImage> kept = new ArrayList<>();
        for (LabelledImage image : images) {
            LabelledImage earlier = first(image);
            if (conflicts.contains(earlier)) {
                leftOut.accept(
                        image,
                        "equal images with different labels: as " + other(image, images).id());
            } else if (!image.equals(earlier)) {
                leftOut.accept(image, likeness(image, earlier, pixels) + ": as " + earlier.id());
            } else {
                kept.add(image.with(patient(image.patient()), Map.of(SHA256, image.sha256())));
            }
        }
        return kept;
    }

    /** The first of the equal images that has another label. */
    private LabelledImage other(LabelledImage image, List<LabelledImage> images) {
        return images.stream()
                .filter(candidate -> first(candidate).equals(first(image)))
                .filter(candidate -> !candidate.label().equals(image.label()))
                .findFirst()
                .orElseThrow();
    }

    private static String likeness(
            LabelledImage image, LabelledImage earlier, Map<LabelledImage, String> pixels) {
        if (image.sha256().equals(earlier.sha256())) {
            return "equal bytes";
        }
        return pixels.get(image).equals(pixels.get(earlier)) ? "equal pixels" : "near copy";
    }

    /** Unites the groups of two images; the earlier one is given first. */
    private void join(LabelledImage a, LabelledImage b) {
        LabelledImage firstOfB = first(b);
        if (!first(a).equals(firstOfB)) {
            first.put(firstOfB, first(a));
        }
        link(a, b);
    }

    private LabelledImage first(LabelledImage image) {
        LabelledImage earlier = image;
        while (first.containsKey(earlier)) {
            earlier = first.get(earlier);
        }
        return earlier;
    }

    /** Two patients become one, by preference one that a dataset names. */
    private void link(LabelledImage a, LabelledImage b) {
        String first = patient(a.patient());
        String second = patient(b.patient());
        if (!first.equals(second)) {
            boolean keepSecond = first.equals(a.id()) && b.patientKnown();
            samePatient.put(keepSecond ? first : second, keepSecond ? second : first);
        }
    }

    private String patient(String name) {
        String patient = name;
        while (samePatient.containsKey(patient)) {
            patient = samePatient.get(patient);
        }
        return patient;
    }
}
