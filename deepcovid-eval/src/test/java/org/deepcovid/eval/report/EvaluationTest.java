package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.FineTuneListener;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.eval.decision.CalibrationChoice;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

    private static final ThresholdRule RULE = ThresholdRule.sensitivityAtLeast(0.9);

    @TempDir static Path images;
    @TempDir Path folder;
    private static DatasetSplit split;
    private static final List<FineTuneListener.Stage> STAGES = new ArrayList<>();
    private static final FineTuneListener LISTENER =
            new FineTuneListener() {
                @Override
                public void onProgress(Stage stage, long done, long total) {
                    STAGES.add(stage);
                }
            };
    private static FineTuned run;
    private static CovidClassifier classifier;

    @BeforeAll
    static void fineTune() {
        SyntheticRadiographs.writeParts(images, 15, 5, 8, 1);
        split = PatientSplitter.seeded(1).split(XrayDataset.read(images));
        FineTuneConfig config = FineTuneConfig.defaults().withEpochs(30).withLearningRate(0.01);
        run = CovidClassifier.fineTune(TinyBackbone.random(1), split.fitting(), config, LISTENER);
        classifier = run.classifier();
    }

    @AfterAll
    static void close() {
        run.close();
    }

    @Test
    void theThresholdIsChosenOnEveryFittingImage() {
        Evaluation report = Evaluation.of(run, RULE, split.test());
        OutOfFoldScores scores = run.outOfFoldScores();

        assertThat(STAGES).contains(FineTuneListener.Stage.FOLDS);
        assertThat(report.thresholdScores()).isEqualTo(scores.all()).hasSize(40);
        assertThat(report.threshold().value())
                .isEqualTo(RULE.choose(RocCurve.of(ScoredLabels.of(scores.all()))).orElseThrow());
        assertThat(report.threshold().fittedOn())
                .isEqualTo(scores.describe())
                .contains("30 training images, 15 of them covid");
        BinaryRates there = report.fittingRates().orElseThrow();
        assertThat(there.counts().positives()).isEqualTo(20);
        assertThat(there.sensitivity().orElseThrow().estimate()).isGreaterThanOrEqualTo(0.9);
        assertThat(report.testScores()).isEqualTo(classifier.score(split.test()));
    }

    @Test
    void calibratedScoresAreCalledAlikeAndSaidToBeCalibrated() {
        DecisionPolicy policy = DecisionPolicy.of(RULE).withCalibration(CalibrationChoice.PLATT);
        Evaluation plain = Evaluation.of(run, RULE, split.test());
        Evaluation calibrated = Evaluation.of(run, policy, split.test());

        assertThat(calibrated.rates()).isEqualTo(plain.rates());
        assertThat(calibrated.fittingRates()).isEqualTo(plain.fittingRates());
        assertThat(calibrated.testScores())
                .isEqualTo(run.classifier(calibrated.decisions()).score(split.test()))
                .isNotEqualTo(plain.testScores());
        assertThat(plain.toText()).contains("scores    not calibrated");
        assertThat(calibrated.toText())
                .contains("scores    calibrated: Platt scaling, logits times");
    }

    @Test
    void aRecalibratedClassifierIsNotTestedOnItsSample() {
        CovidClassifier before = run.classifier(RULE.choose(run.outOfFoldScores()));
        List<LabelledImage> sample = split.test().subList(0, 14);
        DecisionPolicy policy = DecisionPolicy.of(ThresholdRule.youdenIndex());
        Recalibrated result = Recalibrated.of(before, sample, policy, 1);
        CovidClassifier after = before.with(result.decisions());

        assertThat(result.decisions().recalibrations())
                .singleElement()
                .satisfies(
                        made -> {
                            assertThat(made.threshold()).isEqualTo(before.threshold());
                            assertThat(made.sample().images()).isEqualTo(14);
                        });
        assertThat(after.threshold()).isNotEqualTo(before.threshold());
        assertThat(Evaluation.of(after, split.test().subList(14, 16)).testScores()).hasSize(2);
        assertThatThrownBy(() -> Evaluation.of(after, split.test()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("was in a sample of recalibrate");
        assertThatThrownBy(() -> Recalibrated.of(before, split.validation(), policy, 1))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("fitted on");
    }

    @Test
    void testImagesHaveNoPartInTheThreshold() {
        List<LabelledImage> fewer = new ArrayList<>(split.test());
        fewer.removeIf(image -> image.id().contains("00") && !image.id().endsWith("000.png"));

        assertThat(Evaluation.of(run, RULE, fewer).threshold())
                .isEqualTo(Evaluation.of(run, RULE, split.test()).threshold());
        assertThat(fewer).hasSizeLessThan(split.test().size());
    }

    @Test
    void aLoadedClassifierIsEvaluatedAlikeAtAThresholdChosenOnValidation() {
        Path file = folder.resolve("tiny.deepcovid");
        classifier.save(file);
        DecisionThreshold threshold =
                RULE.choose(
                        run.validationScores(),
                        OutOfFoldScores.describeValidation(run.validationScores()));
        assertThat(threshold.fittedOn()).isEqualTo("10 validation images, 5 of them covid");
        assertThat(threshold.rule())
                .isEqualTo("best specificity with a sensitivity of at least 0.9");
        try (CovidClassifier loaded = CovidClassifier.load(file)) {
            assertThat(Evaluation.of(loaded.withThreshold(threshold), split.test()))
                    .isEqualTo(Evaluation.of(run.classifier(threshold), split.test()));
        }
    }

    @Test
    void theStoredThresholdIsAppliedAsItIs() {
        DecisionThreshold stored = new DecisionThreshold(0.4, "mine", "somewhere");
        Evaluation report = Evaluation.of(classifier.withThreshold(stored), split.test());

        assertThat(report.threshold()).isEqualTo(stored);
        assertThat(report.thresholdScores()).isEmpty();
        assertThat(report.fittingRates()).isEmpty();
        assertThatThrownBy(() -> Evaluation.of(classifier, split.test()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no threshold; choose one with a ThresholdRule");
    }

    @Test
    void crossValidationGoesOnWhereAFoldHasNoThreshold() {
        FineTuneConfig useful = FineTuneConfig.defaults().withEpochs(30).withLearningRate(0.01);
        FineTuneConfig useless = FineTuneConfig.defaults().withEpochs(1).withLearningRate(1e-9);
        List<LabelledImage> pool = new ArrayList<>(split.training());
        pool.addAll(split.validation());
        List<Integer> fitted = new ArrayList<>();

        CrossValidation folds =
                CrossValidation.run(
                        PatientFolds.exactly(split.labels(), pool, 4, 1),
                        split.labels(),
                        PatientSplitter.seeded(1),
                        DecisionPolicy.of(ThresholdRule.specificityAtLeast(1)),
                        data -> {
                            fitted.add(data.training().size() + data.validation().size());
                            return CovidClassifier.fineTune(
                                    TinyBackbone.random(1),
                                    data,
                                    fitted.size() == 2 ? useless : useful);
                        });

        assertThat(fitted).containsExactly(30, 30, 30, 30);
        assertThat(folds.scores())
                .extracting(ScoredImage::imageId)
                .containsExactlyInAnyOrderElementsOf(pool.stream().map(LabelledImage::id).toList());
        assertThat(folds.folds())
                .allMatch(fold -> fold.threshold().isPresent() == fold.remark().isEmpty())
                .anyMatch(fold -> fold.threshold().isPresent());
        assertThat(folds.folds().get(1).remark())
                .startsWith("no threshold gives 'best sensitivity");
        assertThatThrownBy(() -> PatientFolds.exactly(split.labels(), pool, 21, 1))
                .hasMessageContaining("21 folds of 40 images, and a label has fewer patients");
    }

    @Test
    void refusesTestImagesThatItWasFittedOn() {
        assertThatThrownBy(() -> Evaluation.of(run, RULE, split.validation()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("1 problem\n")
                .hasMessageContaining(
                        "fitted on all its %d images".formatted(split.validation().size()));
        List<LabelledImage> mixed = new ArrayList<>(split.test());
        mixed.addAll(split.validation());
        assertThatThrownBy(() -> Evaluation.of(run, RULE, mixed))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(split.validation().get(0).id())
                .hasMessageContaining("was among the training or validation images");
        LabelledImage copy =
                SyntheticRadiographs.copy(split.training().get(0), images.resolve("copy.bmp"));
        List<LabelledImage> equalPixels = new ArrayList<>(split.test());
        equalPixels.add(copy);
        assertThatThrownBy(() -> Evaluation.of(run, RULE, equalPixels))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(copy.id() + " was among the training or validation images");
    }
}
