package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        Map<String, Map<Label, Integer>> counts = new LinkedHashMap<>();
        images.stream()
                .sorted(Comparator.comparing(ImageChecks::partName))
                .forEach(
                        image ->
                                counts.computeIfAbsent(
                                                partName(image), name -> new LinkedHashMap<>())
                                        .merge(image.label(), 1, Integer::sum));
        List<String> problems = new ArrayList<>();
        counts.forEach(
                (part, byLabel) -> {
                    for (Label label : labels.labels()) {
                        if (!byLabel.containsKey(label)) {
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
        Map<String, Set<SplitPart>> parts = new LinkedHashMap<>();
        for (LabelledImage image : images) {
            image.part()
                    .ifPresent(
                            part ->
                                    parts.computeIfAbsent(image.patient(), p -> new TreeSet<>())
                                            .add(part));
        }
        List<String> problems = new ArrayList<>();
        parts.forEach(
                (patient, found) -> {
                    if (found.size() > 1) {
                        problems.add(
                                "patient %s has images in %s; expected one part per patient"
                                        .formatted(patient, names(found)));
                    }
                });
        return problems;
    }

    private static String names(Set<SplitPart> parts) {
        return String.join(" and ", parts.stream().map(SplitPart::folderName).toList());
    }
}
