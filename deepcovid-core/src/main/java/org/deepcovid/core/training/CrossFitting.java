package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageChange;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;

/**
 * Scores training images out of fold, so that a threshold can be chosen on all fitting images
 * instead of the few of validation alone.
 *
 * <p>The training images are divided by patient into folds of about the validation part's size. For
 * each fold, a head is fitted by the same recipe and seed, for as many epochs as the kept head had,
 * to everything else - the other folds and the validation images - and scores the fold. The kept
 * head scores the validation images. The backbone is frozen, so that a fold costs a head alone.
 * Where layers of the backbone were trained they were fitted to every training image, so only the
 * validation images are scored.
 *
 * <p>The validation images determine the number of epochs; an image has no other influence on its
 * own score.
 */
public final class CrossFitting {

    private static final int FEWEST_FOLDS = 2;
    private static final int MOST_FOLDS = 5;

    private final FeatureCache features;

    CrossFitting(FeatureCache features) {
        this.features = features;
    }

    /**
     * Fits a head for each fold.
     *
     * @param data what the head was fitted with
     * @param head the kept head
     * @param config the recipe that fitted it
     * @param epochs as many as the kept head had
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled or the thread
     *     was interrupted
     */
    public FoldHeads heads(
            FittingData data,
            LinearHead head,
            FineTuneConfig config,
            int epochs,
            FineTuneListener listener) {
        DeepCovidRuntime.initialise();
        return new Run(data, config.withEpochs(epochs), listener).heads(head);
    }

    /** The kept head, and those that were fitted without a fold each. */
    public final class FoldHeads {

        private final FittingData data;
        private final LinearHead kept;
        private final List<List<LabelledImage>> folds;
        private final List<LinearHead> heads;
        private final FineTuneListener listener;

        private FoldHeads(
                FittingData data,
                LinearHead kept,
                List<List<LabelledImage>> folds,
                List<LinearHead> heads,
                FineTuneListener listener) {
            this.data = data;
            this.kept = kept;
            this.folds = folds;
            this.heads = heads;
            this.listener = listener;
        }

        /** Scores all fitting images as they are. */
        public OutOfFoldScores scores() {
            return scores(images -> AugmentedImages.plain(data.labels(), images));
        }

        /**
         * Scores changed copies of all fitting images.
         *
         * @param seed of the changes
         */
        public OutOfFoldScores scores(ImageChange change, long seed) {
            SplittableRandom seeds = new SplittableRandom(seed);
            return scores(images -> AugmentedImages.changed(data.labels(), images, change, seeds));
        }

        /**
         * Scores some images on the features of this run and on others.
         *
         * @param precision of the features of this run
         * @param single computes features in float32
         * @param perLabel images with the positive label, and images without it, at most
         * @param seed of the choice of images
         */
        public PrecisionSample sample(
                Precision precision, FeatureExtractor single, int perLabel, long seed) {
            Map<String, LinearHead> headOf = new HashMap<>();
            data.validation().forEach(image -> headOf.put(image.id(), kept));
            for (int fold = 0; fold < heads.size(); fold++) {
                for (LabelledImage image : folds.get(fold)) {
                    headOf.put(image.id(), heads.get(fold));
                }
            }
            List<LabelledImage> images = chosen(headOf.keySet(), perLabel, seed);
            AugmentedImages plain = AugmentedImages.plain(data.labels(), images);
            return new PrecisionSample(
                    precision,
                    scored(features.features(plain, listener), headOf),
                    scored(new FeatureCache(single).features(plain, listener), headOf));
        }

        private List<LabelledImage> chosen(Set<String> scored, int perLabel, long seed) {
            List<LabelledImage> shuffled = new ArrayList<>(data.training());
            shuffled.addAll(data.validation());
            Collections.shuffle(shuffled, new Random(seed));
            List<LabelledImage> chosen = new ArrayList<>();
            for (boolean positive : new boolean[] {true, false}) {
                shuffled.stream()
                        .filter(image -> scored.contains(image.id()))
                        .filter(i -> i.label().equals(data.labels().positive()) == positive)
                        .limit(perLabel)
                        .forEach(chosen::add);
            }
            return chosen;
        }

        private static List<ScoredImage> scored(
                LabelledFeatures rows, Map<String, LinearHead> headOf) {
            return rows.ids().stream()
                    .map(id -> rows.where(id::equals).scored(headOf.get(id)).get(0))
                    .toList();
        }

        private OutOfFoldScores scores(Function<List<LabelledImage>, AugmentedImages> forms) {
            List<ScoredImage> validation =
                    features.features(forms.apply(data.validation()), listener).scored(kept);
            Map<String, ScoredImage> byId = new HashMap<>();
            for (int fold = 0; fold < heads.size(); fold++) {
                features.features(forms.apply(folds.get(fold)), listener)
                        .scored(heads.get(fold))
                        .forEach(s -> byId.put(s.imageId(), s));
            }
            return new OutOfFoldScores(
                    validation,
                    data.training().stream()
                            .filter(image -> byId.containsKey(image.id()))
                            .map(image -> byId.get(image.id()))
                            .toList(),
                    heads.size());
        }
    }

    /**
     * Scores of a sample of fitting images, by heads that were not fitted to them.
     *
     * @param precision of the features of this run
     * @param reduced on these features
     * @param single on features in float32, in the same order
     */
    public record PrecisionSample(
            Precision precision, List<ScoredImage> reduced, List<ScoredImage> single) {

        /** The changes. */
        public PrecisionCheck check() {
            double sum = 0;
            double largest = 0;
            for (int i = 0; i < single.size(); i++) {
                double change =
                        Math.abs(
                                reduced.get(i).positiveProbability()
                                        - single.get(i).positiveProbability());
                sum += change;
                largest = Math.max(largest, change);
            }
            return new PrecisionCheck(
                    precision,
                    single.size(),
                    area(single),
                    area(reduced),
                    sum / single.size(),
                    largest);
        }

        /**
         * Number of images that are called otherwise at a threshold.
         *
         * @param threshold at or above which an image is positive
         */
        public long flips(double threshold) {
            return IntStream.range(0, single.size())
                    .filter(
                            i ->
                                    reduced.get(i).positiveProbability() >= threshold
                                            != single.get(i).positiveProbability() >= threshold)
                    .count();
        }

        /** Share of pairs of a positive and another image in the right order; 0.5 for ties. */
        private static double area(List<ScoredImage> scored) {
            double right = 0;
            long pairs = 0;
            for (ScoredImage positive : scored) {
                for (ScoredImage other : scored) {
                    if (positive.isPositive() && !other.isPositive()) {
                        pairs++;
                        right +=
                                (1
                                                + Math.signum(
                                                        positive.positiveProbability()
                                                                - other.positiveProbability()))
                                        / 2;
                    }
                }
            }
            return pairs == 0 ? 0.5 : right / pairs;
        }
    }

    /**
     * Scores images by heads on given rows of numbers, each image by a head that was fitted to the
     * images of the other folds and of none.
     *
     * @param images of the labels
     * @param rows one per image, all of one length; not copied
     * @param folds disjoint lists of these images, such as those of {@link PatientFolds}; the rest
     *     of the images is fitted to and not scored
     * @param config recipe of the heads; layers and augmentation are ignored
     * @return the images of the folds, in the order of the images
     * @throws java.util.concurrent.CancellationException if the thread was interrupted
     */
    public static List<ScoredImage> scores(
            LabelSet labels,
            List<LabelledImage> images,
            List<float[]> rows,
            List<List<LabelledImage>> folds,
            FineTuneConfig config) {
        DeepCovidRuntime.initialise();
        LabelledFeatures all =
                new LabelledFeatures(
                        labels,
                        images.stream().map(LabelledImage::id).toList(),
                        images.stream().map(LabelledImage::label).toList(),
                        rows);
        Map<String, ScoredImage> byId = new HashMap<>();
        for (List<LabelledImage> fold : folds) {
            LinearHead head =
                    trainerWithout(fold, List.of(all), config)
                            .fit(FineTuneListener.SILENT, epoch -> {});
            Set<String> wanted = ids(fold);
            all.where(wanted::contains).scored(head).forEach(s -> byId.put(s.imageId(), s));
        }
        return all.ids().stream().filter(byId::containsKey).map(byId::get).toList();
    }

    private static HeadTrainer trainerWithout(
            List<LabelledImage> fold, List<LabelledFeatures> rounds, FineTuneConfig config) {
        Set<String> left = ids(fold);
        return new HeadTrainer(
                config, rounds.stream().map(r -> r.where(id -> !left.contains(id))).toList());
    }

    private static Set<String> ids(List<LabelledImage> images) {
        return images.stream().map(LabelledImage::id).collect(Collectors.toSet());
    }

    /** How many folds have about the validation part's size. */
    static int folds(int training, int validation) {
        long even = Math.round(training / (double) validation);
        return (int) Math.max(FEWEST_FOLDS, Math.min(MOST_FOLDS, even));
    }

    /** One use, with its arguments. */
    private final class Run {

        private final FittingData data;
        private final FineTuneConfig config;
        private final FineTuneListener listener;

        Run(FittingData data, FineTuneConfig config, FineTuneListener listener) {
            this.data = data;
            this.config = config;
            this.listener = listener;
        }

        FoldHeads heads(LinearHead kept) {
            List<List<LabelledImage>> folds =
                    config.trainable() instanceof HeadOnly
                            ? PatientFolds.of(
                                    data.labels(),
                                    data.training(),
                                    CrossFitting.folds(
                                            data.training().size(), data.validation().size()),
                                    config.seed())
                            : List.of();
            List<LinearHead> heads = new ArrayList<>();
            List<LabelledFeatures> rounds = folds.isEmpty() ? List.of() : rounds();
            for (int fold = 0; fold < folds.size(); fold++) {
                heads.add(headWithout(rounds, folds, fold));
            }
            return new FoldHeads(data, kept, folds, heads, listener);
        }

        private LinearHead headWithout(
                List<LabelledFeatures> rounds, List<List<LabelledImage>> folds, int fold) {
            long total = (long) folds.size() * config.epochs();
            long before = (long) fold * config.epochs();
            return trainerWithout(folds.get(fold), rounds, config)
                    .fit(
                            listener,
                            epoch ->
                                    listener.onProgress(
                                            FineTuneListener.Stage.FOLDS, before + epoch, total));
        }

        /** Training images in the very forms that the kept head saw, then validation images. */
        private List<LabelledFeatures> rounds() {
            List<AugmentedImages> training =
                    AugmentedImages.rounds(data.labels(), data.training(), config, config.seed());
            List<AugmentedImages> validation =
                    AugmentedImages.rounds(
                            data.labels(), data.validation(), config, ~config.seed());
            List<LabelledFeatures> rounds = new ArrayList<>();
            for (int round = 0; round < training.size(); round++) {
                AugmentedImages both = training.get(round).and(validation.get(round));
                rounds.add(features.features(both, listener));
            }
            return rounds;
        }
    }
}
