package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;

/**
 * One image of known label with the probabilities that a classifier gave it.
 *
 * @param imageId identifies the image within its dataset, never blank
 * @param truth the label of the dataset, one of the classifier's
 * @param probabilities one for each label of the classifier
 */
public record ScoredImage(String imageId, Label truth, ClassProbabilities probabilities) {

    public ScoredImage {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(truth, "truth is null");
        if (imageId.isBlank()) {
            throw new IllegalArgumentException("imageId is blank; expected a name for the image");
        }
        if (!probabilities.labels().labels().contains(truth)) {
            throw new IllegalArgumentException(
                    "image %s has the label %s; the classifier's labels are %s"
                            .formatted(imageId, truth, probabilities.labels().labels()));
        }
    }

    /**
     * An image of a classifier with the labels {@link LabelSet#COVID}.
     *
     * @param covidProbability in [0, 1]
     */
    public ScoredImage(String imageId, Label truth, double covidProbability) {
        this(imageId, truth, ClassProbabilities.ofCovid(covidProbability));
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
