package org.deepcovid.core.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Keeps every patient in one part where published parts do not. */
final class PatientParts {

    static final String RULE =
            "patient-in-one-part: of a patient in several parts, the images in test (else in val)"
                    + " are kept";

    private PatientParts() {}

    /** Applies {@link #RULE}; {@code leftOut} receives an image and the reason. */
    static void separate(List<LabelledImage> images, BiConsumer<LabelledImage, String> leftOut) {
        if (images.stream().allMatch(image -> image.part().isEmpty())) {
            return;
        }
        Map<String, SplitPart> parts = new HashMap<>();
        for (LabelledImage image : images) { // test is the last of the parts
            parts.merge(image.patient(), part(image), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
        images.removeIf(
                image -> {
                    SplitPart kept = parts.get(image.patient());
                    boolean other = kept != part(image);
                    if (other) {
                        leftOut.accept(
                                image,
                                "patient also in another part: %s in %s"
                                        .formatted(image.patient(), kept.folderName()));
                    }
                    return other;
                });
    }

    /** Unmarked images beside marked ones are training images. */
    private static SplitPart part(LabelledImage image) {
        return image.part().orElse(SplitPart.TRAIN);
    }
}
