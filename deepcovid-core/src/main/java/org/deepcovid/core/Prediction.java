package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
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
 */
public record Prediction(
        String imageId,
        ClassProbabilities probabilities,
        Optional<DecisionThreshold> threshold,
        List<String> remarks) {

    public Prediction {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(probabilities, "probabilities is null");
        requireNonNull(threshold, "threshold is null");
        remarks = List.copyOf(remarks);
    }

    /** The score: the probability of the positive label, in [0, 1]. */
    public double positiveProbability() {
        return probabilities.positive();
    }

    /**
     * The predicted label.
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
