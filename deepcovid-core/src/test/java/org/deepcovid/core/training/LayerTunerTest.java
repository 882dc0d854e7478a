package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.core.training.LayerZoo.copies;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.TrainableLayers.WholeBackbone;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class LayerTunerTest {

    private static final FineTuneConfig CONFIG =
            FineTuneConfig.defaults()
                    .withEpochs(6)
                    .withLearningRate(0.01)
                    .withSeed(3)
                    .withTrainable(new WholeBackbone());

    @TempDir static Path images;
    @TempDir Path folder;
    private static DatasetSplit split;

    @BeforeAll
    static void drawImages() {
        SyntheticRadiographs.writeParts(images, 16, 8, 8, 1);
        split = PatientSplitter.seeded(1).split(XrayDataset.read(images));
    }

    private static LayerTuner.Outcome tune(Backbone backbone, FineTuneConfig config, long memory) {
        return LayerTuner.run(backbone, split.fitting(), config, RunOptions.defaults(), memory);
    }

    @Test
    void frozenLayersStayAndTheOthersLearn() {
        try (Backbone backbone = LayerZoo.random(1)) {
            Map<String, INDArray> before = copies(backbone);
            LayerTuner.Outcome outcome = tune(backbone, CONFIG.withTrainableFrom("conv2"), 1 << 20);

            assertThat(outcome.trainedLayers()).containsExactly("conv2", "norm2");
            backbone.parameters()
                    .forEach(
                            (name, array) ->
                                    assertThat(array.equals(before.get(name)))
                                            .as("%s is unchanged", name)
                                            .isEqualTo(
                                                    !name.matches("conv2/W|norm2/(gamma|beta)")));
        }
    }

    @Test
    void activationsOnDiskGiveTheSameAsInMemory() {
        try (Backbone one = LayerZoo.random(1);
                Backbone other = LayerZoo.random(1)) {
            FineTuneConfig config = CONFIG.withTrainableFrom("norm2");
            LayerTuner.Outcome memory = tune(one, config, Long.MAX_VALUE);
            LayerTuner.Outcome disk = tune(other, config, 100_000);

            assertThat(disk).isEqualTo(memory);
            assertThat(copies(other)).isEqualTo(copies(one));
        }
    }

    @Test
    void keepsTheEpochWithTheLeastValidationLoss() {
        FineTuneConfig wild = CONFIG.withLearningRate(0.1).withEpochs(12);
        try (Backbone one = TinyBackbone.random(1);
                Backbone other = TinyBackbone.random(1)) {
            LayerTuner.Outcome outcome = tune(one, wild, Long.MAX_VALUE);
            EpochSummary best =
                    outcome.history().stream()
                            .min(Comparator.comparingDouble(EpochSummary::validationLoss))
                            .orElseThrow();
            assertThat(outcome.chosenEpoch()).isEqualTo(best.epoch());

            LayerTuner.Outcome stopped = tune(other, wild.withEpochs(best.epoch()), Long.MAX_VALUE);
            assertThat(stopped.head()).isEqualTo(outcome.head());
            assertThat(copies(other)).isEqualTo(copies(one));
        }
    }

    @Test
    void patienceEndsTheTraining() {
        try (Backbone backbone = TinyBackbone.random(1)) {
            FineTuneConfig wild = CONFIG.withLearningRate(0.1).withEpochs(30);
            LayerTuner.Outcome outcome = tune(backbone, wild.withPatience(2), Long.MAX_VALUE);
            assertThat(outcome.history()).hasSize(outcome.chosenEpoch() + 2);
        }
    }

    @Test
    void epochsTakeTurnsWithTheRoundsOfAugmentedForms() {
        FineTuneConfig turns =
                CONFIG.withAugmentationPlan(
                        new EveryImage(3, Augmentation.defaults().withMaxRotationDegrees(40)));
        try (Backbone backbone = TinyBackbone.random(1)) {
            List<Double> losses =
                    tune(backbone, turns.withLearningRate(1e-12), Long.MAX_VALUE).history().stream()
                            .map(EpochSummary::trainingLoss)
                            .toList();
            assertThat(losses.get(3)).isCloseTo(losses.get(0), within(1e-5));
            assertThat(losses.get(1)).isNotCloseTo(losses.get(0), within(1e-5));
        }
    }

    @Test
    void sameSeedGivesTheSameClassifierBitForBit() {
        try (FineTuned one = fineTuned(CONFIG);
                FineTuned two = fineTuned(CONFIG);
                FineTuned other = fineTuned(CONFIG.withSeed(4))) {
            CovidClassifier first = one.classifier();
            CovidClassifier second = two.classifier();
            assertThat(first.head()).isEqualTo(second.head());
            assertThat(scores(first)).isEqualTo(scores(second));
            assertThat(copies(first.backbone())).isEqualTo(copies(second.backbone()));
            assertThat(one.history()).isEqualTo(two.history());
            assertThat(other.classifier().head()).isNotEqualTo(first.head());
        }
    }

    private static FineTuned fineTuned(FineTuneConfig config) {
        return CovidClassifier.fineTune(TinyBackbone.random(1), split.fitting(), config);
    }

    private static List<Double> scores(CovidClassifier classifier) {
        return classifier.score(split.test()).stream()
                .map(ScoredImage::positiveProbability)
                .toList();
    }

    @Test
    void trainedWeightsAreSavedLoadedExportedAndToldOf() {
        Path file = folder.resolve("tuned.deepcovid");
        Path onnx = folder.resolve("tuned.onnx");
        try (FineTuned tunedRun = fineTuned(CONFIG);
                CovidClassifier tuned = tunedRun.classifier();
                Backbone untouched = TinyBackbone.random(1)) {
            assertThat(copies(tuned.backbone())).isNotEqualTo(copies(untouched));
            tuned.save(file);
            tuned.exportOnnx(onnx);
            assertThat(onnx).isNotEmptyFile();
            try (CovidClassifier loaded = CovidClassifier.load(file)) {
                assertThat(scores(loaded)).isEqualTo(scores(tuned));
                assertThat(copies(loaded.backbone())).isEqualTo(copies(tuned.backbone()));
                assertThat(loaded.provenance()).isEqualTo(tuned.provenance());
                assertThat(loaded.provenance().trainedLayers()).containsExactly("conv");
                assertThat(loaded.provenance().config().trainable()).isEqualTo(new WholeBackbone());
            }
            assertThat(tuned.score(split.validation()))
                    .extracting(ScoredImage::probabilities)
                    .containsExactlyElementsOf(
                            tunedRun.validationScores().stream()
                                    .map(ScoredImage::probabilities)
                                    .toList());
            assertThat(tunedRun.validationScores()).isEqualTo(tunedRun.outOfFoldScores().all());
        }
    }

    @Test
    void trainingFromALayerIsSavedByName() throws Exception {
        Path file = folder.resolve("named.deepcovid");
        try (FineTuned tunedRun = fineTuned(CONFIG.withTrainableFrom("conv"));
                CovidClassifier tuned = tunedRun.classifier()) {
            tuned.save(file);
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("from-layer");
            try (CovidClassifier loaded = CovidClassifier.load(file)) {
                assertThat(loaded.provenance().config()).isEqualTo(tuned.provenance().config());
            }
        }
    }

    @Test
    void aCancelledRunLeavesTheBackboneAsItWas() {
        try (Backbone backbone = TinyBackbone.random(1)) {
            Map<String, INDArray> before = copies(backbone);
            FineTuneListener impatient =
                    new FineTuneListener() {
                        private boolean stop;

                        @Override
                        public void onEpoch(EpochSummary summary) {
                            stop = summary.epoch() == 2;
                        }

                        @Override
                        public boolean isCancelled() {
                            return stop;
                        }
                    };
            assertThatThrownBy(
                            () ->
                                    LayerTuner.run(
                                            backbone,
                                            split.fitting(),
                                            CONFIG,
                                            RunOptions.defaults().withListener(impatient)))
                    .isInstanceOf(CancellationException.class);
            assertThat(copies(backbone)).isEqualTo(before);
        }
    }

    @Test
    void unknownLayersAreToldOf() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fineTuned(CONFIG.withTrainableFrom("fire9")))
                .withMessageContaining("no layer 'fire9' to train from; expected one of [conv]");
    }
}
