package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.CrossFittedScores;
import org.deepcovid.core.training.FineTuneListener;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;

/**
 * Evaluates a classifier the honest way: the threshold comes from the images that it was fitted
 * with and meets the test images once. Test images that the classifier was fitted on are refused.
 */
public final class Evaluator {

    /** Scores images, such as by a run that keeps what it has. */
    @FunctionalInterface
    public interface Scorer {
        /**
         * Scores all.
         *
         * @param classifier that is evaluated
         * @param images of one part
         * @return one entry an image, in the same order
         */
        List<ScoredImage> score(CovidClassifier classifier, List<LabelledImage> images);
    }

    /** Where a threshold comes from. */
    private enum Source {
        CROSS_FITTED,
        VALIDATION,
        STORED
    }

    private final Source source;
    private final Optional<ThresholdRule> rule;
    private final FineTuneListener listener;
    private final Scorer scorer;

    private Evaluator(
            Source source, Optional<ThresholdRule> rule, FineTuneListener listener, Scorer scorer) {
        this.source = source;
        this.rule = rule;
        this.listener = listener;
        this.scorer = scorer;
    }

    /**
     * An evaluator that chooses a threshold on all images that the classifier was fitted with. None
     * of them is scored by a head that was fitted to it: see {@link
     * CovidClassifier#crossFittedScores}. A threshold on the few positives of the validation part
     * alone misses its target more often.
     *
     * @param rule how to choose it
     * @return the evaluator
     */
    public static Evaluator choosing(ThresholdRule rule) {
        return new Evaluator(
                Source.CROSS_FITTED,
                Optional.of(rule),
                FineTuneListener.SILENT,
                CovidClassifier::score);
    }

    /**
     * An evaluator that chooses a threshold on the validation images alone.
     *
     * @param rule how to choose it
     * @return the evaluator
     */
    public static Evaluator choosingOnValidation(ThresholdRule rule) {
        return new Evaluator(
                Source.VALIDATION,
                Optional.of(rule),
                FineTuneListener.SILENT,
                CovidClassifier::score);
    }

    /**
     * An evaluator that applies the threshold stored in the classifier.
     *
     * @return the evaluator
     */
    public static Evaluator withStoredThreshold() {
        return new Evaluator(
                Source.STORED, Optional.empty(), FineTuneListener.SILENT, CovidClassifier::score);
    }

    /**
     * The same evaluator with another way to have images scored.
     *
     * @param newScorer gives the classifier's own scores
     * @return the copy
     */
    public Evaluator scoringBy(Scorer newScorer) {
        return new Evaluator(
                source, rule, listener, requireNonNull(newScorer, "newScorer is null"));
    }

    /**
     * A copy that tells a listener while it scores the images of the threshold.
     *
     * @param newListener is told of progress and may cancel
     * @return the copy
     */
    public Evaluator telling(FineTuneListener newListener) {
        return new Evaluator(source, rule, newListener, scorer);
    }

    /**
     * Scores the test images and, where a threshold is to be chosen, the images that it is chosen
     * on. The validation scores that a classifier kept from its fine-tuning are used if they are of
     * the very images of the split.
     *
     * @param classifier to be evaluated
     * @param split its test part needs both classes
     * @return threshold, test scores and what follows from them
     * @throws DatasetException if a test image was among the images that the classifier was fitted
     *     on, or an image cannot be read; names all of them
     * @throws IllegalArgumentException if a part lacks a class, or cross-fitted scores are asked
     *     for and the split's other parts are not those that the classifier was fitted with
     * @throws IllegalStateException if the stored threshold is asked for and there is none, or no
     *     threshold satisfies the rule
     */
    public EvaluationReport evaluate(CovidClassifier classifier, DatasetSplit split) {
        requireUnseen(classifier.provenance(), split.test());
        Candidates candidates =
                switch (source) {
                    case CROSS_FITTED -> crossFitted(classifier, split);
                    case VALIDATION -> Candidates.validation(validationScores(classifier, split));
                    case STORED -> Candidates.none();
                };
        DecisionThreshold threshold =
                rule.isPresent()
                        ? choose(rule.get(), candidates)
                        : classifier
                                .threshold()
                                .orElseThrow(
                                        () ->
                                                new IllegalStateException(
                                                        "the classifier has no threshold; choose"
                                                                + " one with Evaluator.choosing"));
        return new EvaluationReport(
                classifier.spec(),
                classifier.provenance(),
                threshold,
                scorer.score(classifier, split.test()),
                candidates.scores());
    }

    /** What a threshold is chosen on, and what to call it. */
    private record Candidates(List<ScoredImage> scores, String words) {

        static Candidates validation(List<ScoredImage> scores) {
            return new Candidates(scores, CrossFittedScores.describeValidation(scores));
        }

        static Candidates none() {
            return new Candidates(List.of(), "");
        }
    }

    private Candidates crossFitted(CovidClassifier classifier, DatasetSplit split) {
        CrossFittedScores scores = classifier.crossFittedScores(split.fitting(), listener);
        return new Candidates(scores.all(), scores.describe());
    }

    private static void requireUnseen(ModelProvenance provenance, List<LabelledImage> test) {
        List<String> seen = new ArrayList<>();
        for (LabelledImage image : test) {
            if (provenance.wasFittedOn(image.sha256())) {
                seen.add(image.id() + " was among the training or validation images");
            }
        }
        if (!seen.isEmpty()) {
            throw new DatasetException(
                    "test part",
                    seen,
                    "a test on images that the classifier has seen says nothing; take them out, or"
                            + " use the split that it was fine-tuned with");
        }
    }

    private List<ScoredImage> validationScores(CovidClassifier classifier, DatasetSplit split) {
        List<String> wanted = split.validation().stream().map(LabelledImage::id).toList();
        List<ScoredImage> kept = classifier.validationScores();
        return kept.stream().map(ScoredImage::imageId).toList().equals(wanted)
                ? kept
                : scorer.score(classifier, split.validation());
    }

    /**
     * Chooses a threshold.
     *
     * @param rule how to choose it
     * @param scores of all images that a classifier was fitted to; none of them a test image's
     * @return the threshold, with the rule and what it was fitted on in words
     * @throws IllegalArgumentException if a class is missing
     * @throws IllegalStateException if no threshold satisfies the rule
     */
    public static DecisionThreshold threshold(ThresholdRule rule, CrossFittedScores scores) {
        return choose(rule, new Candidates(scores.all(), scores.describe()));
    }

    private static DecisionThreshold choose(ThresholdRule rule, Candidates candidates) {
        RocCurve curve = RocCurve.of(ScoredLabels.of(candidates.scores()));
        double value =
                rule.choose(curve)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "no threshold gives '%s' on %s (%s)"
                                                        .formatted(
                                                                rule.describe(),
                                                                candidates.words(),
                                                                curve)));
        return new DecisionThreshold(value, rule.describe(), candidates.words());
    }
}
