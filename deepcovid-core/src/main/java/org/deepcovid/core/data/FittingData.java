package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepcovid.core.DatasetException;

/**
 * Data for training: images for fitting weights, and images for choosing the epoch and the
 * threshold. Contains no test images.
 *
 * @param labels of the images
 * @param training at least one image of each class; unmodifiable
 * @param validation at least one image of each class, of other patients; unmodifiable
 * @param layout as of {@link XrayDataset}
 */
public record FittingData(
        LabelSet labels,
        List<LabelledImage> training,
        List<LabelledImage> validation,
        Optional<String> layout) {

    /**
     * @throws DatasetException if a list lacks a class, or the lists share a patient
     * @throws IllegalArgumentException if an image has another label
     */
    public FittingData {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
        requireNonNull(layout, "layout is null");
        labels.requireLabelsOf(training);
        labels.requireLabelsOf(validation);
        List<String> problems = new ArrayList<>(missingClasses(labels, "training", training));
        problems.addAll(missingClasses(labels, "validation", validation));
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "data to fit to",
                    problems,
                    "add images, or split with another fraction (PatientSplitter)");
        }
        LeakGuard.requireSeparatePatients(byPart(training, validation));
    }

    private static Map<SplitPart, List<LabelledImage>> byPart(
            List<LabelledImage> training, List<LabelledImage> validation) {
        return Map.of(SplitPart.TRAIN, training, SplitPart.VALIDATION, validation);
    }

    /**
     * Checks that images with equal decoded pixels are in one list and have one label, and that
     * near copies have one label and, where the dataset marks parts, one part. Images that were
     * decoded before, as for their features, are not decoded again.
     *
     * @param nearCopies whether near copies are refused too
     * @return near copies that are allowed, as of one label in parts that the dataset does not
     *     mark; none if all are
     * @throws DatasetException naming the images
     */
    public List<NearCopies.Copies> requireSeparatePictures(NearCopies.Policy nearCopies) {
        LeakGuard.requireSeparateContent(
                byPart(training, validation), ContentHashes.ofPixels(all()));
        return LeakGuard.requireSeparatePictures(all(), List.of(), 0, nearCopies);
    }

    /**
     * Checks, after {@link #requireSeparatePictures(NearCopies.Policy)}, that no test image is a
     * near copy of one of these images, or of a test image with another label.
     *
     * @param test images; decoded if they were not before
     * @param nearCopies nothing is checked if they are allowed
     * @throws DatasetException naming the images
     */
    public void requireSeparatePictures(List<LabelledImage> test, NearCopies.Policy nearCopies) {
        List<LabelledImage> fitting = all();
        LeakGuard.requireSeparatePictures(fitting, test, fitting.size(), nearCopies);
    }

    private List<LabelledImage> all() {
        return Stream.concat(training.stream(), validation.stream()).toList();
    }

    /** Images whose labels say which is the positive one; see {@link LabelSet#of}. */
    public FittingData(List<LabelledImage> training, List<LabelledImage> validation) {
        this(
                LabelSet.of(Stream.concat(training.stream(), validation.stream())),
                training,
                validation,
                Optional.empty());
    }

    private static List<String> missingClasses(
            LabelSet labels, String name, List<LabelledImage> images) {
        List<String> problems = new ArrayList<>();
        for (Label label : labels.labels()) {
            if (images.stream().noneMatch(image -> image.label().equals(label))) {
                problems.add(
                        "%s has 0 %s images among %d; expected some of every class"
                                .formatted(name, label.name(), images.size()));
            }
        }
        return problems;
    }
}
