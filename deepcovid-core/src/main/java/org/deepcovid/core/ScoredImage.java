package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.data.Label;

/**
 * One image of known label with the score that a classifier gave it.
 *
 * @param imageId identifies the image within its dataset, never blank
 * @param truth the label of the dataset
 * @param covidProbability the model's score for {@link Label#COVID}, in [0, 1]
 */
public record ScoredImage(String imageId, Label truth, double covidProbability) {

    public ScoredImage {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(truth, "truth is null");
        if (imageId.isBlank()) {
            throw new IllegalArgumentException("imageId is blank; expected a name for the image");
        }
        if (!(covidProbability >= 0 && covidProbability <= 1)) { // NaN fails too
            throw new IllegalArgumentException(
                    "covidProbability of %s is %s; expected [0, 1] (a logit?)"
                            .formatted(imageId, covidProbability));
        }
    }
}
