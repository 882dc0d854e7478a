package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.deepcovid.core.image.UnreadableImageException;

/** Checks for datasets of every layout. */
final class ImageChecks {

    private ImageChecks() {}

    private record Look(LabelledImage image, List<String> remarks, Optional<String> failure) {}

    /** Decodes every image in parallel; failures and remarks are in the order of the images. */
    static List<String> undecodable(
            List<LabelledImage> images, BiConsumer<LabelledImage, String> remarks) {
        List<Look> looks = images.parallelStream().map(ImageChecks::look).toList();
        looks.forEach(look -> look.remarks().forEach(text -> remarks.accept(look.image(), text)));
        return looks.stream().map(Look::failure).flatMap(Optional::stream).toList();
    }

    private static Look look(LabelledImage image) {
        try {
            return new Look(image, image.radiograph().decode().remarks(), Optional.empty());
        } catch (UnreadableImageException e) {
            return new Look(image, List.of(), Optional.of(image.id() + ": " + e.reason()));
        }
    }

    /** Requires every class in each part that has images; unmarked images count as one part. */
    static List<String> emptyClasses(LabelSet labels, List<LabelledImage> images) {
        Map<String, Set<Label>> found = new TreeMap<>();
        images.forEach(
                image ->
                        found.computeIfAbsent(partName(image), name -> new HashSet<>())
                                .add(image.label()));
        List<String> problems = new ArrayList<>();
        found.forEach(
                (part, present) -> {
                    for (Label label : labels.labels()) {
                        if (!present.contains(label)) {
                            problems.add(
                                    "%s has 0 %s images; expected some of every class"
                                            .formatted(part, label.name()));
                        }
                    }
                });
        return problems;
    }

    private static String partName(LabelledImage image) {
        return image.part().map(SplitPart::folderName).orElse("the dataset without part marks");
    }

    /** Requires all images of a patient to be in one part. */
    static List<String> dividedPatients(List<LabelledImage> images) {
        Map<String, SplitPart> first = new HashMap<>();
        Map<String, Set<SplitPart>> divided = new LinkedHashMap<>();
        for (LabelledImage image : images) {
            SplitPart part = image.part().orElse(null);
            SplitPart other = part == null ? null : first.putIfAbsent(image.patient(), part);
            if (other != null && other != part) {
                divided.computeIfAbsent(image.patient(), p -> new TreeSet<>(Set.of(other)))
                        .add(part);
            }
        }
        List<String> problems = new ArrayList<>();
        divided.forEach(
                (patient, found) ->
                        problems.add(
                                "patient %s has images in %s; expected one part per patient"
                                        .formatted(patient, names(found))));
        return problems;
    }

    private static String names(Set<SplitPart> parts) {
        return String.join(" and ", parts.stream().map(SplitPart::folderName).toList());
    }
}
