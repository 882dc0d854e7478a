package org.deepcovid.core.training;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.ClassProbabilities;
import org.deepcovid.core.ScoredImage;

/**
 * Scores of all images that a head was fitted with, none of them by a head that was fitted to it.
 *
 * @param validation the validation images, scored by the head itself
 * @param training the training images, each scored by a head fitted without its patient; in the
 *     order of the images, or empty if there are too few patients to do so, or layers of the
 *     backbone were fitted to these images
 * @param folds into how many folds the training images were divided; 0 if they were not
 * @param pretrainedOn how many of these images the backbone's weights are known to have been
 *     learned from: their scores are too good
 */
public record OutOfFoldScores(
        List<ScoredImage> validation, List<ScoredImage> training, int folds, int pretrainedOn) {

    public OutOfFoldScores {
        validation = List.copyOf(validation);
        training = List.copyOf(training);
    }

    /** Scores of images that the backbone's weights are not known to have been learned from. */
    public OutOfFoldScores(List<ScoredImage> validation, List<ScoredImage> training, int folds) {
        this(validation, training, folds, 0);
    }

    /**
     * The means of the logits of several heads.
     *
     * @param heads scores of the same images, at least one
     */
    public static OutOfFoldScores meanOfLogits(List<OutOfFoldScores> heads) {
        OutOfFoldScores first = heads.get(0);
        return heads.size() == 1
                ? first
                : new OutOfFoldScores(
                        mean(heads.stream().map(OutOfFoldScores::validation).toList()),
                        mean(heads.stream().map(OutOfFoldScores::training).toList()),
                        first.folds,
                        first.pretrainedOn);
    }

    private static List<ScoredImage> mean(List<List<ScoredImage>> heads) {
        List<ScoredImage> first = heads.get(0);
        return IntStream.range(0, first.size())
                .mapToObj(
                        i ->
                                new ScoredImage(
                                        first.get(i).imageId(),
                                        first.get(i).truth(),
                                        ClassProbabilities.meanOfLogits(
                                                heads.stream()
                                                        .map(h -> h.get(i).probabilities())
                                                        .toList())))
                .toList();
    }

    /** The same with another {@link #pretrainedOn()}. */
    public OutOfFoldScores withPretrainedOn(int images) {
        return new OutOfFoldScores(validation, training, folds, images);
    }

    /**
     * All scores.
     *
     * @return validation first, then training
     */
    public List<ScoredImage> all() {
        return Stream.concat(validation.stream(), training.stream()).toList();
    }

    /** Which images these are, for reports. */
    public String describe() {
        String validated = describeValidation(validation);
        String scored =
                folds == 0
                        ? validated + " (no head could be fitted without the training images)"
                        : ("%s, and %s, scored by heads that were fitted without them (%d folds by"
                                        + " patient)")
                                .formatted(validated, describe("training", training), folds);
        return pretrainedOn == 0
                ? scored
                : "%s; the backbone itself was trained on %d of them"
                        .formatted(scored, pretrainedOn);
    }

    /** Which validation images these are, for reports. */
    public static String describeValidation(List<ScoredImage> scores) {
        return describe("validation", scores);
    }

    private static String describe(String part, List<ScoredImage> images) {
        return "%d %s images, %d of them %s"
                .formatted(
                        images.size(),
                        part,
                        images.stream().filter(ScoredImage::isPositive).count(),
                        images.get(0).probabilities().labels().positive());
    }
}
