package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Images that are equal in their bytes or in their decoded pixels. */
final class Duplicates {

    static final String SHA256 = "sha256";

    static final String RULE =
            "equal-images: of images with equal bytes or pixels the first is kept, and their"
                    + " patients count as one; if their labels differ, all are left out";

    private final Map<String, String> samePatient = new HashMap<>();

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
        Map<LabelledImage, LabelledImage> first = new HashMap<>();
        Set<LabelledImage> conflicts = new HashSet<>();
        for (List<LabelledImage> equal : ContentHashes.equal(pixels, images)) {
            equal.forEach(image -> first.put(image, equal.get(0)));
            equal.forEach(image -> link(equal.get(0), image));
            if (equal.stream().map(LabelledImage::label).distinct().count() > 1) {
                conflicts.addAll(equal);
            }
        }
        List<LabelledImage> kept = new ArrayList<>();
        for (LabelledImage image : images) {
            LabelledImage earlier = first.getOrDefault(image, image);
            if (conflicts.contains(image)) {
                leftOut.accept(image, "equal images with different labels: as " + earlier.id());
            } else if (!image.equals(earlier)) {
                String equal = image.sha256().equals(earlier.sha256()) ? "bytes" : "pixels";
                leftOut.accept(image, "equal %s: as %s".formatted(equal, earlier.id()));
            } else {
                kept.add(image.with(patient(image.patient()), Map.of(SHA256, image.sha256())));
            }
        }
        return kept;
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
