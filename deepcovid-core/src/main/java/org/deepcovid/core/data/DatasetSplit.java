package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepcovid.core.DatasetException;

/**
 * A dataset divided by patient: no patient is in two parts.
 *
 * @param labels of the images
 * @param training images for fitting weights, unmodifiable
 * @param validation images for choosing the epoch and the threshold, unmodifiable
 * @param test images for the final evaluation; unmodifiable, may be empty
 * @param layout as of {@link XrayDataset}
 */
public record DatasetSplit(
        LabelSet labels,
        List<LabelledImage> training,
        List<LabelledImage> validation,
        List<LabelledImage> test,
        Optional<String> layout) {

    /**
     * Copies the lists.
     *
     * @throws DatasetException if two parts share a patient
     * @throws IllegalArgumentException if an image has another label
     */
    public DatasetSplit {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        requireNonNull(layout, "layout is null");
        Stream.of(training, validation, test).forEach(labels::requireLabelsOf);
        LeakGuard.requireSeparatePatients(byPart(training, validation, test));
    }

    /** Images that were not read as a dataset. */
    public DatasetSplit(
            LabelSet labels,
            List<LabelledImage> training,
            List<LabelledImage> validation,
            List<LabelledImage> test) {
        this(labels, training, validation, test, Optional.empty());
    }

    /** Images whose labels say which is the positive one; see {@link LabelSet#of}. */
    public DatasetSplit(
            List<LabelledImage> training,
            List<LabelledImage> validation,
            List<LabelledImage> test) {
        this(
                LabelSet.of(Stream.of(training, validation, test).flatMap(List::stream)),
                training,
                validation,
                test);
    }

    private static Map<SplitPart, List<LabelledImage>> byPart(
            List<LabelledImage> training,
            List<LabelledImage> validation,
            List<LabelledImage> test) {
        Map<SplitPart, List<LabelledImage>> parts = new EnumMap<>(SplitPart.class);
        parts.put(SplitPart.TRAIN, training);
        parts.put(SplitPart.VALIDATION, validation);
        parts.put(SplitPart.TEST, test);
        return Collections.unmodifiableMap(parts);
    }

    /**
     * The images of each part, in the order of {@link SplitPart}.
     *
     * @return three lists
     */
    public Map<SplitPart, List<LabelledImage>> byPart() {
        return byPart(training, validation, test);
    }

    /**
     * The parts for training, without test images.
     *
     * @return training and validation images
     * @throws DatasetException if either lacks a class
     */
    public FittingData fitting() {
        return new FittingData(labels, training, validation, layout);
    }

    /**
     * Images that are equal, in a part: in their decoded pixels once every image has been decoded,
     * otherwise in their bytes.
     *
     * @return groups of at least two images
     */
    public List<List<LabelledImage>> equalImages() {
        return byPart().values().stream()
                .flatMap(part -> ContentHashes.equal(ContentHashes.of(part), part).stream())
                .toList();
    }

    /**
     * Checks that near copies have one label, that none of them is a test image unless all are, and
     * that those with marked parts are in one.
     *
     * @param nearCopies nothing is checked if they are allowed; images are decoded that were not
     *     before
     * @throws org.deepcovid.core.DatasetException naming the images
     */
    public void requireSeparatePictures(NearCopies.Policy nearCopies) {
        LeakGuard.requireSeparatePictures(
                Stream.concat(training.stream(), validation.stream()).toList(),
                test,
                0,
                nearCopies);
    }
}
