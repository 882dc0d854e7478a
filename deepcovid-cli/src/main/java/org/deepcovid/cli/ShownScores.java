package org.deepcovid.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;

/**
 * What lines of scores have in common.
 *
 * @param labels of the classifier
 * @param decisions of the classifier
 * @param confidence of the sets of labels; empty if none are shown
 */
record ShownScores(LabelSet labels, Decisions decisions, OptionalDouble confidence) {

    ShownScores {
        requireNonNull(labels, "labels is null");
        requireNonNull(decisions, "decisions is null");
        requireNonNull(confidence, "confidence is null");
    }

    static ShownScores of(CovidClassifier classifier, OptionalDouble confidence) {
        return new ShownScores(classifier.labels(), classifier.decisions(), confidence);
    }

    boolean several() {
        return labels.several();
    }

    boolean hasSets() {
        return confidence.isPresent();
    }

    /** The labels whose scores are shown. */
    List<Label> scored() {
        return several() ? labels.labels() : List.of(labels.positive());
    }

    /** The labels that an image may have; empty if it has no score or no sets are shown. */
    Optional<List<String>> set(Optional<Prediction> prediction) {
        return prediction
                .filter(p -> hasSets())
                .map(
                        p ->
                                decisions
                                        .labelSets()
                                        .orElseThrow()
                                        .of(p.probabilities(), confidence.getAsDouble())
                                        .stream()
                                        .map(Label::name)
                                        .toList());
    }
}
