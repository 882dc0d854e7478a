package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.deepcovid.core.data.Label;

/**
 * The score of an image whose label is not known. A research model's score, not a diagnosis.
 *
 * @param imageId identifies the image, usually its path
 * @param covidProbability score for {@link Label#COVID}, in [0, 1]
 * @param label the label at the classifier's threshold, or empty if it has none
 * @param remarks what is odd about the image, or was assumed in decoding it
 */
public record Prediction(
        String imageId, double covidProbability, Optional<Label> label, List<String> remarks) {

    public Prediction {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(label, "label is null");
        remarks = List.copyOf(remarks);
        if (!(covidProbability >= 0 && covidProbability <= 1)) {
            throw new IllegalArgumentException(
                    "covidProbability of %s is %s; expected [0, 1]"
                            .formatted(imageId, covidProbability));
        }
    }

    /** A score without remarks. */
    public Prediction(String imageId, double covidProbability, Optional<Label> label) {
        this(imageId, covidProbability, label, List.of());
    }
}
