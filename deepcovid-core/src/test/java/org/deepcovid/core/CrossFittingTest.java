package org.deepcovid.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertFails;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Alteration;
import org.deepcovid.core.training.CrossFitting;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.FineTuneListener;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossFittingTest {

    private static final FineTuneConfig CONFIG =
            FineTuneConfig.defaults().withEpochs(20).withLearningRate(0.01).withSeed(3);

    @TempDir static Path images;
    @TempDir Path folder;
    private static DatasetSplit split;
    private static FineTuned run;

    @BeforeAll
    static void drawImages() {
        SyntheticRadiographs.writeParts(images, 18, 6, 4, 1);
        split = PatientSplitter.seeded(1).split(XrayDataset.read(images));
        run = fineTuned(CONFIG);
    }

    @AfterAll
    static void close() {
        run.close();
    }

    private static FineTuned fineTuned(FineTuneConfig config) {
        return CovidClassifier.fineTune(TinyBackbone.random(1), split.fitting(), config);
    }

    private static List<String> ids(List<LabelledImage> images) {
        return images.stream().map(LabelledImage::id).toList();
    }

    @Test
    void everyFittingImageHasOneScoreAndNoTestImageHasAny() {
        OutOfFoldScores scores = run.outOfFoldScores();

        assertThat(scores.validation()).isEqualTo(run.validationScores());
        assertThat(scores.training())
                .extracting(ScoredImage::imageId)
                .containsExactlyElementsOf(ids(split.training()));
        assertThat(scores.folds()).isEqualTo(3); // 36 training images, 12 of validation
        assertThat(scores.all()).hasSize(48);
        assertThat(scores.describe())
                .isEqualTo(
                        "12 validation images, 6 of them covid, and 36 training images, 18 of"
                                + " them covid, scored by heads that were fitted without them (3"
                                + " folds by patient)");
    }

    @Test
    void givenRowsAreScoredWithoutTheLabelsOfTheirFold() {
        List<LabelledImage> all = split.training();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            rows.add(new float[] {all.get(i).label().equals(Label.COVID) ? 4 : -4, 0.1f * (i % 5)});
        }
        List<List<LabelledImage>> folds = PatientFolds.of(LabelSet.COVID, all, 3, 1);
        List<LabelledImage> fold = folds.get(0);
        List<ScoredImage> scores =
                CrossFitting.scores(LabelSet.COVID, all, rows, List.of(fold), CONFIG);

        assertThat(scores).extracting(ScoredImage::imageId).isEqualTo(ids(fold));
        assertThat(scores).allMatch(s -> s.isPositive() == s.positiveProbability() > 0.5);
        List<LabelledImage> swapped =
                all.stream()
                        .map(
                                image ->
                                        fold.contains(image)
                                                ? new LabelledImage(
                                                        image.id(),
                                                        image.radiograph(),
                                                        Label.COVID,
                                                        image.patient(),
                                                        image.part(),
                                                        Map.of())
                                                : image)
                        .toList();
        assertThat(CrossFitting.scores(LabelSet.COVID, swapped, rows, List.of(fold), CONFIG))
                .extracting(ScoredImage::positiveProbability)
                .isEqualTo(scores.stream().map(ScoredImage::positiveProbability).toList());
    }

    /** A fold's scores must be those of a classifier that never had the fold's images. */
    @Test
    void aFoldIsScoredByTheSameRecipeOnEverythingElse() {
        FineTuneConfig plain = CONFIG.withEpochs(1).withAugmentationPlan(CONFIG.augmentationPlan());
        try (FineTuned classifierRun = fineTuned(plain)) {
            OutOfFoldScores scores = classifierRun.outOfFoldScores();
            List<LabelledImage> fold =
                    PatientFolds.of(split.labels(), split.training(), 3, 3).get(0);
            List<LabelledImage> rest = new ArrayList<>(split.training());
            rest.removeAll(fold);
            rest.addAll(split.validation());

            assertThat(rest).hasSize(36);
            try (FineTuned withoutRun =
                    CovidClassifier.fineTune(
                            TinyBackbone.random(1), new FittingData(rest, fold), plain)) {
                // The forms of augmented images are drawn in another order: close, not equal.
                for (ScoredImage image : withoutRun.classifier().score(fold)) {
                    assertThat(score(scores.training(), image.imageId()))
                            .isCloseTo(image.positiveProbability(), within(0.02));
                }
            }
        }
    }

    @Test
    void changedImagesAreScoredByTheHeadsOfTheirFolds() {
        OutOfFoldScores plain = run.outOfFoldScores();

        assertThat(
                        run.outOfFoldScores(
                                (image, preprocessing, seed) -> preprocessing.resizeAndCrop(image)))
                .isEqualTo(plain);
        OutOfFoldScores inverted = run.outOfFoldScores(Alteration.INVERTED);
        assertThat(inverted.training())
                .extracting(ScoredImage::imageId)
                .containsExactlyElementsOf(ids(split.training()));
        assertThat(inverted.training()).doesNotContainAnyElementsOf(plain.training());
        assertThat(run.classifier().score(split.validation(), Alteration.INVERTED, 1))
                .extracting(ScoredImage::positiveProbability)
                .isEqualTo(
                        inverted.validation().stream()
                                .map(ScoredImage::positiveProbability)
                                .toList());
    }

    private static double score(List<ScoredImage> scores, String id) {
        return scores.stream()
                .filter(image -> image.imageId().equals(id))
                .findFirst()
                .orElseThrow()
                .positiveProbability();
    }

    /** Heads that have not seen an image are less sure of it than the one that has. */
    @Test
    void scoresAreLessConfidentThanThoseOfTheHeadThatSawTheImages() {
        try (FineTuned classifierRun = fineTuned(CONFIG.withEpochs(200));
                CovidClassifier classifier = classifierRun.classifier()) {
            OutOfFoldScores scores = classifierRun.outOfFoldScores();

            assertThat(loss(scores.training()))
                    .isGreaterThan(loss(classifier.score(split.training())));
            assertThat(scores.training()).isNotEqualTo(classifier.score(split.training()));
        }
    }

    private static double loss(List<ScoredImage> scores) {
        return scores.stream()
                .mapToDouble(
                        image ->
                                image.truth().equals(Label.COVID)
                                        ? -Math.log(image.positiveProbability())
                                        : -Math.log(1 - image.positiveProbability()))
                .sum();
    }

    @Test
    void theClassifierItselfStaysAsItIs() {
        try (FineTuned other = fineTuned(CONFIG)) {
            OutOfFoldScores first = run.outOfFoldScores();
            assertThat(run.classifier().head()).isEqualTo(other.classifier().head());
            assertThat(run.outOfFoldScores()).isEqualTo(first);
        }
    }

    @Test
    void theReleasedScriptsRecipeIsCrossFittedToo() {
        FineTuneConfig script = FineTuneConfig.releasedScript().withEpochs(2).withSeed(3);
        try (FineTuned classifierRun = fineTuned(script)) {
            assertThat(classifierRun.outOfFoldScores().training()).hasSize(36);
        }
    }

    @Test
    void tellsOfItsProgressAndCanBeCancelled() {
        AtomicLong chosen = new AtomicLong();
        List<Long> epochs = new ArrayList<>();
        FineTuneListener listener =
                new FineTuneListener() {
                    @Override
                    public void onProgress(Stage stage, long done, long total) {
                        if (stage == Stage.FOLDS) {
                            assertThat(total).isEqualTo(3 * chosen.get());
                            epochs.add(done);
                        }
                    }

                    @Override
                    public boolean isCancelled() {
                        return epochs.size() == 7;
                    }
                };
        try (FineTuned classifierRun =
                        CovidClassifier.fineTune(
                                TinyBackbone.random(1),
                                split.fitting(),
                                CONFIG.withEpochs(5),
                                listener);
                CovidClassifier classifier = classifierRun.classifier()) {
            chosen.set(classifier.provenance().chosenEpoch());
            assertFails(CancellationException.class, () -> classifierRun.outOfFoldScores());
            assertThat(epochs).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        }
    }

    @Test
    void withTooFewPatientsOnlyValidationIsScored() {
        List<LabelledImage> training = new ArrayList<>();
        for (LabelledImage image : split.training()) {
            training.add(
                    image.label().equals(Label.COVID)
                            ? new LabelledImage(
                                    image.id(),
                                    image.file(),
                                    image.label(),
                                    "one patient",
                                    image.part(),
                                    image.attributes())
                            : image);
        }
        FittingData data = new FittingData(training, split.validation());
        try (FineTuned classifierRun =
                CovidClassifier.fineTune(TinyBackbone.random(1), data, CONFIG)) {
            OutOfFoldScores scores = classifierRun.outOfFoldScores();

            assertThat(scores.all()).isEqualTo(classifierRun.validationScores());
            assertThat(scores.describe())
                    .isEqualTo(
                            "12 validation images, 6 of them covid (no head could be fitted without"
                                    + " the training images)");
        }
    }
}
