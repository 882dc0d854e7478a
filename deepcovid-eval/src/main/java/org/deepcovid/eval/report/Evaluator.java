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
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;

/**
 * Evaluates a classifier the honest way: the threshold comes from validation images and meets the
 * test images once. Test images that the classifier was fitted on are refused.
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

    private final Optional<ThresholdRule> rule;
    private final Scorer scorer;

    private Evaluator(Optional<ThresholdRule> rule, Scorer scorer) {
        this.rule = rule;
        this.scorer = scorer;
    }

    /**
     * An evaluator that chooses a threshold on the validation images.
     *
     * @param rule how to choose it
     * @return the evaluator
     */
    public static Evaluator choosing(ThresholdRule rule) {
        return new Evaluator(Optional.of(rule), CovidClassifier::score);
    }

    /**
     * An evaluator that applies the threshold stored in the classifier.
     *
     * @return the evaluator
     */
    public static Evaluator withStoredThreshold() {
        return new Evaluator(Optional.empty(), CovidClassifier::score);
    }

    /**
     * The same evaluator with another way to have images scored.
     *
     * @param newScorer gives the classifier's own scores
     * @return the copy
     */
    public Evaluator scoringBy(Scorer newScorer) {
        return new Evaluator(rule, requireNonNull(newScorer, "newScorer is null"));
    }

    /**
     * Scores the test images and, where a threshold is to be chosen, the validation images. The
     * validation scores that a classifier kept from its fine-tuning are used if they are of the
     * very images of the split.
     *
     * @param classifier to be evaluated
     * @param split its test part needs both classes
     * @return threshold, test scores and what follows from them
     * @throws DatasetException if a test image was among the images that the classifier was fitted
     *     on, or an image cannot be read; names all of them
     * @throws IllegalArgumentException if a part lacks a class
     * @throws IllegalStateException if the stored threshold is asked for and there is none, or no
     *     threshold satisfies the rule
     */
    public EvaluationReport evaluate(CovidClassifier classifier, DatasetSplit split) {
        requireUnseen(classifier.provenance(), split.test());
        DecisionThreshold threshold =
                rule.isPresent()
                        ? threshold(rule.get(), validationScores(classifier, split))
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
                scorer.score(classifier, split.test()));
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
     * @param validation scores of validation images, of both classes; never of test images
     * @return the threshold, with the rule and what it was fitted on in words
     * @throws IllegalArgumentException if a class is missing
     * @throws IllegalStateException if no threshold satisfies the rule
     */
    public static DecisionThreshold threshold(ThresholdRule rule, List<ScoredImage> validation) {
        ScoredLabels scores = ScoredLabels.of(validation);
        RocCurve curve = RocCurve.of(scores);
        double value =
                rule.choose(curve)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "no threshold gives '%s' on the validation images (%s)"
                                                        .formatted(rule.describe(), curve)));
        return new DecisionThreshold(
                value,
                rule.describe(),
                "%d validation images, %d of them covid"
                        .formatted(scores.size(), scores.positives()));
    }
}
