package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * The results of cross-validation: each image is scored by the model that was fitted without its
 * fold, and called at the threshold of that model.
 *
 * @param folds at least two, which share no image
 */
public record CrossValidation(List<Fold> folds) {

    /**
     * One fold.
     *
     * @param images of the fold
     * @param scores of the images, in their order, by a model that was fitted without them; of both
     *     classes
     * @param threshold of that model; empty if the rule finds none
     * @param remark why there is no threshold; blank if there is one
     */
    public record Fold(
            List<LabelledImage> images,
            List<ScoredImage> scores,
            Optional<DecisionThreshold> threshold,
            String remark) {

        public Fold {
            requireNonNull(threshold, "threshold is null");
            requireNonNull(remark, "remark is null");
            images = List.copyOf(images);
            scores = List.copyOf(scores);
            ScoredLabels.of(scores).requireBothClasses("a fold");
            if (!images.stream()
                    .map(LabelledImage::id)
                    .toList()
                    .equals(scores.stream().map(ScoredImage::imageId).toList())) {
                throw new IllegalArgumentException(
                        "a fold has %d images and %d scores; expected a score of each, in the order"
                                        .formatted(images.size(), scores.size())
                                + " of the images");
            }
        }

        private static Fold of(FineTuned run, DecisionPolicy policy, List<LabelledImage> images) {
            List<ScoredImage> raw = Evaluation.scores(run.classifier(), images);
            OutOfFoldScores fitting = run.outOfFoldScores();
            try {
                Decisions decisions = policy.choose(fitting);
                List<ScoredImage> scores = raw.stream().map(decisions::applyTo).toList();
                return new Fold(images, scores, decisions.threshold(), "");
            } catch (IllegalStateException e) { // the policy finds none
                return new Fold(images, raw, Optional.empty(), e.getMessage());
            }
        }

        /** Number of patients; an image of an unknown patient counts as one. */
        public int patients() {
            return (int) images.stream().map(LabelledImage::patient).distinct().count();
        }

        /** The rates at the threshold, if there is one. */
        public Optional<BinaryRates> rates() {
            return threshold.map(
                    at -> BinaryRates.of(ConfusionMatrix.at(ScoredLabels.of(scores), at.value())));
        }
    }

    /**
     * @throws IllegalArgumentException if there are fewer than two folds, or an image is in two
     */
    public CrossValidation {
        folds = List.copyOf(folds);
        if (folds.size() < 2) {
            throw new IllegalArgumentException(
                    "there are %d folds; expected at least 2".formatted(folds.size()));
        }
        ScoredLabels.of(pooled(folds)); // of different images
    }

    /**
     * Trains and tests a model for each fold.
     *
     * @param folds of {@link PatientFolds#exactly}
     * @param labels of the images
     * @param splitter divides the images outside a fold into training and validation images
     * @param policy how each model's calibration and threshold are chosen, on its own fitting
     *     images; where it finds none, the fold has a remark instead
     * @param training returns a model that is closed here
     */
    public static CrossValidation run(
            List<List<LabelledImage>> folds,
            LabelSet labels,
            PatientSplitter splitter,
            DecisionPolicy policy,
            Function<FittingData, FineTuned> training) {
        List<Fold> done = new ArrayList<>();
        for (int i = 0; i < folds.size(); i++) {
            List<List<LabelledImage>> rest = new ArrayList<>(folds);
            List<LabelledImage> tested = rest.remove(i);
            List<LabelledImage> others =
                    rest.stream()
                            .flatMap(List::stream)
                            .map(image -> image.withPart(Optional.empty()))
                            .toList();
            FittingData fitting =
                    splitter.withTestFraction(0)
                            .split(new XrayDataset(Path.of(""), labels, others))
                            .fitting();
            try (FineTuned run = training.apply(fitting)) {
                done.add(Fold.of(run, policy, tested));
            }
        }
        return new CrossValidation(done);
    }

    private static List<ScoredImage> pooled(List<Fold> folds) {
        return folds.stream().flatMap(fold -> fold.scores().stream()).toList();
    }

    /** The out-of-fold scores of all images. */
    public List<ScoredImage> scores() {
        return pooled(folds);
    }

    /** The rates over all images of the folds that have a threshold; empty if none has. */
    public Optional<BinaryRates> rates() {
        return folds.stream()
                .map(Fold::rates)
                .flatMap(Optional::stream)
                .map(BinaryRates::counts)
                .reduce(CrossValidation::sum)
                .map(BinaryRates::of);
    }

    private static ConfusionMatrix sum(ConfusionMatrix a, ConfusionMatrix b) {
        return new ConfusionMatrix(
                a.truePositives() + b.truePositives(),
                a.falsePositives() + b.falsePositives(),
                a.trueNegatives() + b.trueNegatives(),
                a.falseNegatives() + b.falseNegatives());
    }

    /**
     * A line per fold, and the pooled results with the spread over the folds.
     *
     * @return several lines, each ended
     */
    public String toText() {
        return FoldResults.of(this).toText();
    }
}
