package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deepcovid.core.data.Label;

/**
 * One image of known label with the score that a classifier gave it.
 *
 * @param imageId identifies the image within its dataset, never blank
 * @param truth the label of the dataset
 * @param covidProbability the model's score for {@link Label#COVID}, in [0, 1]
 * @param remarks what is odd about the image, or was assumed in decoding it
 */
public record ScoredImage(
        String imageId, Label truth, double covidProbability, List<String> remarks) {

    public ScoredImage {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(truth, "truth is null");
        remarks = List.copyOf(remarks);
        if (imageId.isBlank()) {
            throw new IllegalArgumentException("imageId is blank; expected a name for the image");
        }
        if (!(covidProbability >= 0 && covidProbability <= 1)) { // NaN fails too
            throw new IllegalArgumentException(
                    "covidProbability of %s is %s; expected [0, 1] (a logit?)"
                            .formatted(imageId, covidProbability));
        }
    }

    /** A score without remarks. */
    public ScoredImage(String imageId, Label truth, double covidProbability) {
        this(imageId, truth, covidProbability, List.of());
    }
}
