package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.LeakGuard;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.eval.audit.ShortcutAudit;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ClassScores;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;

/**
 * Scores of a classifier on test images, and the results computed from them. The classifier is a
 * research model, not a diagnostic device.
 *
 * @param network the backbone's spec
 * @param provenance of the classifier
 * @param decisions of the classifier, with a threshold; not chosen on the test images
 * @param testImages what was scored
 * @param testScores one entry per test image, in their order
 * @param thresholdScores scores that the threshold was chosen on, never of test images, on the same
 *     scale; empty for a stored threshold
 * @param confidence of the sets of labels that are tested, in (0, 1)
 * @param shortcuts audit of the images fitted to or of the test images, if one was run
 */
public record Evaluation(
        BackboneSpec network,
        ModelProvenance provenance,
        Decisions decisions,
        List<LabelledImage> testImages,
        List<ScoredImage> testScores,
        List<ScoredImage> thresholdScores,
        double confidence,
        Optional<ShortcutAudit.Result> shortcuts) {

    /** Confidence of the sets of labels, unless another is asked for. */
    public static final double DEFAULT_CONFIDENCE = 0.9;

    /**
     * @throws IllegalArgumentException if there is no test image
     * @throws IllegalStateException if there is no threshold
     */
    public Evaluation {
        requireNonNull(network, "network is null");
        requireNonNull(provenance, "provenance is null");
        requireThreshold(decisions);
        testImages = List.copyOf(testImages);
        testScores = List.copyOf(testScores);
        thresholdScores = List.copyOf(thresholdScores);
        requireNonNull(shortcuts, "shortcuts is null");
        ScoredLabels.of(testScores);
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "confidence is %s; expected more than 0 and less than 1".formatted(confidence));
        }
    }

    /** Scores whose sets of labels are tested at {@link #DEFAULT_CONFIDENCE}. */
    public Evaluation(
            BackboneSpec network,
            ModelProvenance provenance,
            Decisions decisions,
            List<LabelledImage> testImages,
            List<ScoredImage> testScores,
            List<ScoredImage> thresholdScores) {
        this(
                network,
                provenance,
                decisions,
                testImages,
                testScores,
                thresholdScores,
                DEFAULT_CONFIDENCE,
                Optional.empty());
    }

    private static void requireThreshold(Decisions decisions) {
        if (decisions.threshold().isEmpty()) {
            throw new IllegalStateException(
                    "the classifier has no threshold; choose one with a ThresholdRule and pass"
                            + " classifier.withThreshold(threshold)");
        }
    }

    /**
     * Evaluates a classifier at its own threshold.
     *
     * @param classifier with a threshold
     * @param test images; of one class only they tell its rate at the threshold, but no curve
     * @throws DatasetException if the classifier was fitted on a test image (equal in bytes or
     *     decoded pixels), equal test images have different labels, or an image cannot be read;
     *     names all of them
     * @throws IllegalArgumentException if there is no image, or the classifier lacks a label
     * @throws IllegalStateException if the classifier has no threshold
     */
    public static Evaluation of(CovidClassifier classifier, List<LabelledImage> test) {
        requireThreshold(classifier.decisions()); // before the long work
        return new Evaluation(
                classifier.spec(),
                classifier.provenance(),
                classifier.decisions(),
                test,
                scores(classifier, test),
                List.of());
    }

    /** Scores images, if the classifier knows their labels and was not fitted on any of them. */
    static List<ScoredImage> scores(CovidClassifier classifier, List<LabelledImage> test) {
        requireKnownLabels(classifier.labels(), test);
        requireUnseen(classifier, test, LabelledImage::sha256);
        List<ScoredImage> scores = classifier.score(test);
        requireUnseen(classifier, test, LabelledImage::pixelsSha256);
        LeakGuard.requireSeparateContent(Map.of(SplitPart.TEST, test));
        return scores;
    }

    /**
     * Chooses a threshold on the out-of-fold scores of a fine-tuning and evaluates its classifier.
     * A threshold on the few positives of the validation part alone misses its target more often.
     *
     * @param run finished fine-tuning
     * @param rule how to choose the threshold
     * @param test images, as for {@link #of(CovidClassifier, List)}
     * @throws DatasetException as for {@link #of(CovidClassifier, List)}
     * @throws IllegalStateException if no threshold satisfies the rule
     */
    public static Evaluation of(FineTuned run, ThresholdRule rule, List<LabelledImage> test) {
        return of(run, DecisionPolicy.of(rule), test);
    }

    /**
     * As {@link #of(FineTuned, ThresholdRule, List)}, with calibrated scores or reviews.
     *
     * @param policy how calibration, threshold and review range are chosen
     * @throws IllegalStateException if one of them cannot be chosen
     */
    public static Evaluation of(FineTuned run, DecisionPolicy policy, List<LabelledImage> test) {
        requireKnownLabels(run.classifier().labels(), test);
        requireUnseen(run.classifier(), test, LabelledImage::sha256);
        OutOfFoldScores scores = run.outOfFoldScores();
        Decisions decisions = policy.choose(scores);
        Evaluation evaluation =
                of(run.classifier(decisions), test)
                        .withThresholdScores(
                                scores.all().stream().map(decisions::applyTo).toList());
        run.requireSeparatePictures(test);
        return evaluation;
    }

    private static void requireKnownLabels(LabelSet labels, List<LabelledImage> test) {
        List<Label> found = test.stream().map(LabelledImage::label).distinct().toList();
        if (!labels.labels().containsAll(found)) {
            throw new IllegalArgumentException(
                    "the test images have the labels %s, the classifier %s; expected the same"
                            .formatted(found, labels.labels()));
        }
    }

    private static void requireUnseen(
            CovidClassifier classifier,
            List<LabelledImage> test,
            Function<LabelledImage, String> checksum) {
        ModelProvenance provenance = classifier.provenance();
        List<String> chosenOn =
                test.parallelStream()
                        .filter(i -> classifier.decisions().wereChosenOn(checksum.apply(i)))
                        .map(image -> image.id() + " was in a sample of recalibrate")
                        .toList();
        if (!chosenOn.isEmpty()) {
            throw new DatasetException(
                    "test part",
                    chosenOn,
                    "results on images that the threshold was chosen on are too good; test on other"
                            + " images of that source");
        }
        List<String> seen =
                test.parallelStream()
                        .filter(image -> provenance.wasFittedOn(checksum.apply(image)))
                        .map(image -> image.id() + " was among the training or validation images")
                        .toList();
        if (seen.size() > 1 && seen.size() == test.size()) {
            throw new DatasetException(
                    "test part",
                    List.of(
                            "the classifier was fitted on all its %d images"
                                    .formatted(test.size())),
                    "results on them are too good; evaluate another part or other images");
        }
        if (!seen.isEmpty()) {
            throw new DatasetException(
                    "test part",
                    seen,
                    "results on images that the classifier was fitted on are too good; remove them"
                            + " from the test part, or use the split of the fine-tuning");
        }
    }

    /**
     * Adds the scores that the threshold was chosen on, for {@link #fittingRates()}.
     *
     * @param scores of images that are not test images
     */
    public Evaluation withThresholdScores(List<ScoredImage> scores) {
        return new Evaluation(
                network,
                provenance,
                decisions,
                testImages,
                testScores,
                scores,
                confidence,
                shortcuts);
    }

    /** The same with another confidence of the sets of labels. */
    public Evaluation withConfidence(double other) {
        return new Evaluation(
                network,
                provenance,
                decisions,
                testImages,
                testScores,
                thresholdScores,
                other,
                shortcuts);
    }

    /**
     * Adds a shortcut audit, whose findings become warnings.
     *
     * @param audit of the images fitted to, or of the test images
     */
    public Evaluation withShortcuts(ShortcutAudit.Result audit) {
        return new Evaluation(
                network,
                provenance,
                decisions,
                testImages,
                testScores,
                thresholdScores,
                confidence,
                Optional.of(audit));
    }

    /** Applied to the test images. */
    public DecisionThreshold threshold() {
        return decisions.threshold().orElseThrow();
    }

    /** The labels of the classifier. */
    public LabelSet labels() {
        return testScores.get(0).probabilities().labels();
    }

    /**
     * Labels and scores of the test images.
     *
     * @return in the order of the images
     */
    public ScoredLabels scores() {
        return ScoredLabels.of(testScores);
    }

    /**
     * Labels and probabilities of all labels of the test images; the metrics of {@link
     * org.deepcovid.eval.metrics.ClassResults} are computed from them.
     *
     * @return in the order of the images
     */
    public ClassScores classScores() {
        return ClassScores.of(testScores);
    }

    /** Whether the test images have more than one label. */
    boolean hasSeveralTruths() {
        return testScores.stream().map(ScoredImage::truth).distinct().count() > 1;
    }

    /**
     * Why images of one class have no curve, and what they can tell.
     *
     * @return empty with both classes
     */
    Optional<String> oneClass() {
        ScoredLabels scores = scores();
        if (scores.hasBothClasses()) {
            return Optional.empty();
        }
        boolean positives = scores.positives() > 0;
        String positive = labels().positive().name();
        return Optional.of(
                ("One class only: %s of the %d test images is %s. Such images tell the %s at the"
                     + " threshold and the spread of the scores. Areas, curves, predictive values,"
                     + " accuracy and calibration need both classes and are left out.")
                        .formatted(
                                positives ? "every one" : "none",
                                scores.size(),
                                positive,
                                positives ? "sensitivity" : "specificity"));
    }

    /**
     * What was remarked on test images, and on how many.
     *
     * @return in alphabetical order
     */
    public SortedMap<String, Integer> remarks() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        testScores.forEach(
                image -> image.remarks().forEach(text -> counts.merge(text, 1, Integer::sum)));
        return counts;
    }

    /**
     * How many test images are unlike the training images.
     *
     * @return empty if the classifier does not describe its training images
     */
    public Optional<Proportion> unlike() {
        return testScores.get(0).distance().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Proportion.of(
                                (int) testScores.stream().filter(ScoredImage::isUnlike).count(),
                                testScores.size()));
    }

    /**
     * The receiver operating characteristic.
     *
     * @return exact under ties
     * @throws IllegalArgumentException if the test images are of one class, see {@link
     *     ScoredLabels#hasBothClasses()}
     */
    public RocCurve roc() {
        return RocCurve.of(scores());
    }

    /**
     * Precision against recall.
     *
     * @return exact under ties
     * @throws IllegalArgumentException if no test image is positive
     */
    public PrecisionRecallCurve precisionRecall() {
        return PrecisionRecallCurve.of(scores());
    }

    /**
     * Sensitivity, specificity and the other rates at the threshold, with 95 % Wilson intervals.
     *
     * @return rates with their counts
     */
    public BinaryRates rates() {
        return BinaryRates.of(ConfusionMatrix.at(scores(), threshold().value()));
    }

    /**
     * The same rates on the scores that the threshold was chosen on; usually better than {@link
     * #rates()}.
     *
     * @return empty for a stored threshold
     */
    public Optional<BinaryRates> fittingRates() {
        return thresholdScores.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        BinaryRates.of(
                                ConfusionMatrix.at(
                                        ScoredLabels.of(thresholdScores), threshold().value())));
    }

    /**
     * Reasons to be careful with the results.
     *
     * @return the gravest first; unmodifiable
     */
    public List<Warning> warnings() {
        return Warnings.of(this, NetworkResults.subgroups(this), SourceResults.of(this));
    }

    /**
     * The results as tables for a console, by source too, and the shortcut audit; at the end the
     * warnings.
     *
     * @return several lines, each ended
     */
    public String toText() {
        return new TextReport(this).toString();
    }
}
