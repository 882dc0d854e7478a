package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.OutOfFoldScores;
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
        OUT_OF_FOLD,
        VALIDATION,
        STORED
    }

    private final Source source;
    private final Optional<ThresholdRule> rule;
    private final Scorer scorer;

    private Evaluator(Source source, Optional<ThresholdRule> rule, Scorer scorer) {
        this.source = source;
        this.rule = rule;
        this.scorer = scorer;
    }

    /**
     * An evaluator that chooses a threshold on all images that the classifier was fitted with. None
     * of them is scored by a head that was fitted to it: see {@link FineTuned#outOfFoldScores}. A
     * threshold on the few positives of the validation part alone misses its target more often.
     *
     * @param rule how to choose it
     * @return the evaluator
     */
    public static Evaluator choosing(ThresholdRule rule) {
        return new Evaluator(Source.OUT_OF_FOLD, Optional.of(rule), CovidClassifier::score);
    }

    /**
     * An evaluator that chooses a threshold on the validation images alone.
     *
     * @param rule how to choose it
     * @return the evaluator
     */
    public static Evaluator choosingOnValidation(ThresholdRule rule) {
        return new Evaluator(Source.VALIDATION, Optional.of(rule), CovidClassifier::score);
    }

    /**
     * An evaluator that applies the threshold stored in the classifier.
     *
     * @return the evaluator
     */
    public static Evaluator withStoredThreshold() {
        return new Evaluator(Source.STORED, Optional.empty(), CovidClassifier::score);
    }

    /**
     * The same evaluator with another way to have images scored.
     *
     * @param newScorer gives the classifier's own scores
     * @return the copy
     */
    public Evaluator scoringBy(Scorer newScorer) {
        return new Evaluator(source, rule, requireNonNull(newScorer, "newScorer is null"));
    }

    /**
     * Scores the test images and, where a threshold is to be chosen, the images that it is chosen
     * on.
     *
     * @param classifier to be evaluated
     * @param split its test part needs both classes
     * @return threshold, test scores and what follows from them
     * @throws DatasetException if a test image was among the images that the classifier was fitted
     *     on, or an image cannot be read; names all of them
     * @throws IllegalArgumentException if a part lacks a class, or out-of-fold scores are required,
     *     which a {@link FineTuned} run has
     * @throws IllegalStateException if the stored threshold is asked for and there is none, or no
     *     threshold satisfies the rule
     */
    public EvaluationReport evaluate(CovidClassifier classifier, DatasetSplit split) {
        return evaluate(
                classifier,
                split,
                () ->
                        switch (source) {
                            case OUT_OF_FOLD ->
                                    throw new IllegalArgumentException(
                                            "out-of-fold scores need the FineTuned run; pass it"
                                                    + " instead of its classifier");
                            case VALIDATION ->
                                    Candidates.validation(
                                            scorer.score(classifier, split.validation()));
                            case STORED -> Candidates.none();
                        });
    }

    /**
     * Scores the test images and chooses a threshold on scores of a finished fine-tuning.
     *
     * @param run finished fine-tuning
     * @param split the one whose training and validation images the run was given
     * @return threshold, test scores and what follows from them
     * @throws DatasetException as for {@link #evaluate(CovidClassifier, DatasetSplit)}
     * @throws IllegalArgumentException if the test part lacks a class
     * @throws IllegalStateException if no threshold satisfies the rule
     */
    public EvaluationReport evaluate(FineTuned run, DatasetSplit split) {
        return evaluate(
                run.classifier(),
                split,
                () ->
                        switch (source) {
                            case OUT_OF_FOLD -> Candidates.outOfFold(run.outOfFoldScores());
                            case VALIDATION -> Candidates.validation(run.validationScores());
                            case STORED -> Candidates.none();
                        });
    }

    private EvaluationReport evaluate(
            CovidClassifier classifier, DatasetSplit split, Supplier<Candidates> candidatesOf) {
        requireUnseen(classifier.provenance(), split.test());
        Candidates candidates = candidatesOf.get();
        DecisionThreshold threshold =
                rule.isPresent()
                        ? rule.get().choose(candidates.scores(), candidates.words())
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
            return new Candidates(scores, OutOfFoldScores.describeValidation(scores));
        }

        static Candidates outOfFold(OutOfFoldScores scores) {
            return new Candidates(scores.all(), scores.describe());
        }

        static Candidates none() {
            return new Candidates(List.of(), "");
        }
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
}
