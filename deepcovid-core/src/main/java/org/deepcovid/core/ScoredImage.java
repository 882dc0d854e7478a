package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalDouble;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;

/**
 * One image of known label with the probabilities that a classifier gave it.
 *
 * @param imageId identifies the image within its dataset, never blank
 * @param truth the label of the dataset, one of the classifier's
 * @param probabilities one for each label of the classifier
 * @param remarks what is odd about the image, or was assumed in decoding it
 * @param distance from the training images, as that of a {@link Prediction}
 */
public record ScoredImage(
        String imageId,
        Label truth,
        ClassProbabilities probabilities,
        List<String> remarks,
        OptionalDouble distance) {

    public ScoredImage {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(truth, "truth is null");
        remarks = List.copyOf(remarks);
        requireNonNull(distance, "distance is null");
        if (imageId.isBlank()) {
            throw new IllegalArgumentException("imageId is blank; expected a name for the image");
        }
        if (!probabilities.labels().labels().contains(truth)) {
            throw new IllegalArgumentException(
                    "image %s has the label %s; the classifier's labels are %s"
                            .formatted(imageId, truth, probabilities.labels().labels()));
        }
    }

    /** A score without remarks and distance. */
    public ScoredImage(String imageId, Label truth, ClassProbabilities probabilities) {
        this(imageId, truth, probabilities, List.of(), OptionalDouble.empty());
    }

    /**
     * An image of a classifier with the labels {@link LabelSet#COVID}.
     *
     * @param covidProbability in [0, 1]
     */
    public ScoredImage(String imageId, Label truth, double covidProbability) {
        this(imageId, truth, ClassProbabilities.ofCovid(covidProbability));
    }

    /** Whether the image is unlike the training images; a remark says why. */
    public boolean isUnlike() {
        return distance.isPresent() && distance.getAsDouble() > 1;
    }

    /** The score: the probability of the positive label, in [0, 1]. */
    public double positiveProbability() {
        return probabilities.positive();
    }

    /** Whether the image has the positive label. */
    public boolean isPositive() {
        return truth.equals(probabilities.labels().positive());
    }
}
