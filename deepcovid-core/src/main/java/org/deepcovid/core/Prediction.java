package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deepcovid.core.data.Label;

/**
 * The score of an image whose label is not known. A research model's score, not a diagnosis.
 *
 * @param imageId identifies the image, usually its path
 * @param covidProbability score for {@link Label#COVID}, in [0, 1]
 * @param label the label at the classifier's threshold, or empty if it has none
 */
public record Prediction(String imageId, double covidProbability, Optional<Label> label) {

    public Prediction {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(label, "label is null");
        if (!(covidProbability >= 0 && covidProbability <= 1)) {
            throw new IllegalArgumentException(
                    "covidProbability of %s is %s; expected [0, 1]"
                            .formatted(imageId, covidProbability));
        }
    }
}
