package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;

/**
 * The probabilities of an image whose label is not known. Of a research model, not a diagnosis.
 *
 * <p>A threshold answers one question: positive or not. The most likely label answers another. With
 * two labels, the predicted label is the threshold's answer. With more, it is the most likely one,
 * and the two can differ: an image may be positive at a low threshold while another label is more
 * likely.
 *
 * @param imageId identifies the image, usually its path
 * @param probabilities one for each label of the classifier
 * @param threshold the classifier's threshold, if it has one
 * @param remarks what is odd about the image, or was assumed in decoding it
 * @param distance how far it is from the training images: about 0 for a typical one, 1 at the limit
 *     of the input check; empty if the classifier does not describe its training images
 */
public record Prediction(
        String imageId,
        ClassProbabilities probabilities,
        Optional<DecisionThreshold> threshold,
        List<String> remarks,
        OptionalDouble distance) {

    public Prediction {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(probabilities, "probabilities is null");
        requireNonNull(threshold, "threshold is null");
        remarks = List.copyOf(remarks);
        requireNonNull(distance, "distance is null");
    }

    /** Whether the image is unlike the training images; a remark says why. */
    public boolean isUnlike() {
        return distance.isPresent() && distance.getAsDouble() > 1;
    }

    /** The score: the probability of the positive label, in [0, 1]. */
    public double positiveProbability() {
        return probabilities.positive();
    }

    /** Whether the score is within the threshold's review range, so that a person should look. */
    public boolean needsReview() {
        return threshold.isPresent() && threshold.get().needsReview(positiveProbability());
    }

    /**
     * The predicted label, also of an image for review.
     *
     * @return with two labels the one at the threshold, or empty without a threshold; with more
     *     {@link ClassProbabilities#mostLikely()}
     */
    public Optional<Label> label() {
        LabelSet labels = probabilities.labels();
        return labels.several()
                ? Optional.of(probabilities.mostLikely())
                : positive().map(yes -> yes ? labels.positive() : labels.others().get(0));
    }

    /** Whether the score reaches the threshold; empty without a threshold. */
    public Optional<Boolean> positive() {
        return threshold.map(t -> t.isReachedBy(positiveProbability()));
    }
}
