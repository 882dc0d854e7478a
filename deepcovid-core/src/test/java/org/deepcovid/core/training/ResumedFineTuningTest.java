package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.FeatureTrace;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.training.EarlierWork.Finding;
import org.deepcovid.core.training.EarlierWork.Kind;
import org.deepcovid.core.training.TrainingJournal.Earlier;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A run that was interrupted and taken up makes the classifier of one that was not. */
class ResumedFineTuningTest {

    private static final FineTuneConfig HEAD =
            new FineTuneConfig(
                    12,
                    20,
                    0.01,
                    new Adam(),
                    new Constant(),
                    FineTuneConfig.defaults().augmentationPlan(),
                    ClassBalance.WEIGHTED_LOSS,
                    new HeadOnly(),
                    3,
                    5,
                    2);
    private static final FineTuneConfig LAYERS =
            HEAD.withEpochs(4)
                    .withSchedule(new StepDecay(0.5, 2))
                    .withTrainable(new WholeBackbone());

    @TempDir static Path images;
    @TempDir Path folder;
    private static FittingData data;
    private final List<EarlierWork> told = new ArrayList<>();
    private Path kept;

    @BeforeAll
    static void drawImages() {
        SyntheticRadiographs.writeParts(images, 10, 6, 0, 1); // 20 + 4 * 10 + 12 forms
        data = read(images);
    }

    private static FittingData read(Path root) {
        return PatientSplitter.seeded(1).split(XrayDataset.read(root)).fitting();
    }

    @BeforeEach
    void name() {
        kept = folder.resolve("kept");
    }

    @AfterEach
    void chooseEngine() {
        System.clearProperty(InferenceEngine.ENGINE);
    }

    /** Thrown by a listener, as a full stop in the middle of a run. */
    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Stops after some images, or some epochs. */
    private FineTuneListener until(FineTuneListener.Stage stage, int done) {
        return new FineTuneListener() {
            @Override
            public void onEarlierWork(EarlierWork found) {
                told.add(found);
            }

            @Override
            public void onProgress(Stage now, long sofar, long total) {
                if (now == stage && sofar >= done) {
                    throw new PowerCut();
                }
            }
        };
    }

    private FineTuneListener toTheEnd() {
        return until(FineTuneListener.Stage.FEATURES, Integer.MAX_VALUE);
    }

    private void interrupt(
            Backbone backbone,
            FineTuneConfig config,
            FineTuneListener.Stage stage,
            int done,
            Earlier earlier) {
        try (TrainingJournal journal = TrainingJournal.in(kept, earlier)) {
            assertThatThrownBy(
                            () ->
                                    CovidClassifier.fineTune(
                                            backbone, data, config, until(stage, done), journal))
                    .isInstanceOf(PowerCut.class);
        }
    }

    private Map<String, String> resumed(
            Backbone backbone, FittingData fitting, FineTuneConfig config) throws IOException {
        try (TrainingJournal journal = TrainingJournal.in(kept, Earlier.RESUME)) {
            try (FineTuned classifierRun =
                    CovidClassifier.fineTune(backbone, fitting, config, toTheEnd(), journal)) {
                return contents(classifierRun);
            }
        }
    }

    private Map<String, String> uninterrupted(
            Backbone backbone, FittingData fitting, FineTuneConfig config) throws IOException {
        try (FineTuned classifierRun = CovidClassifier.fineTune(backbone, fitting, config)) {
            return contents(classifierRun);
        }
    }

    /** Checksums of all that a saved classifier holds, but for the time of its making. */
    private Map<String, String> contents(FineTuned run) throws IOException {
        Path file = folder.resolve("saved.deepcovid");
        CovidClassifier classifier = run.classifier();
        classifier.save(file, IfExists.REPLACE);
        Map<String, String> contents = new HashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(".safetensors")) {
                    contents.put(entry.getName(), FileHashes.sha256(zip.getInputStream(entry)));
                }
            }
        }
        assertThat(contents).containsKey("weights.safetensors");
        contents.put("history", classifier.provenance().history().toString());
        contents.put("epoch", Integer.toString(classifier.provenance().chosenEpoch()));
        contents.put("validation", run.validationScores().toString());
        contents.put("cross-fitted", run.outOfFoldScores().toString());
        return contents;
    }

    private EarlierWork only(Kind kind) {
        List<EarlierWork> found = told.stream().filter(w -> w.kind() == kind).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void featuresAreTakenUpByTheCompiledEngine() throws IOException {
        Map<String, String> expected = uninterrupted(TinyBackbone.random(1), data, HEAD);
        interrupt(
                TinyBackbone.random(1), HEAD, FineTuneListener.Stage.FEATURES, 30, Earlier.RESUME);
        assertThat(told).containsExactly(new EarlierWork(Kind.FEATURES, Finding.NONE, 0));
        told.clear();
        interrupt(TinyBackbone.random(1), HEAD, FineTuneListener.Stage.HEAD, 3, Earlier.RESUME);
        assertThat(told).containsExactly(new EarlierWork(Kind.FEATURES, Finding.USED, 30));
        told.clear();

        assertThat(resumed(TinyBackbone.random(1), data, HEAD)).isEqualTo(expected);
        assertThat(told).containsExactly(new EarlierWork(Kind.FEATURES, Finding.USED, 72));
    }

    /** The graph engine asks the backbone itself, which can count. */
    @Test
    void imagesThatAreKeptAreNotComputedAgain() throws IOException {
        System.setProperty(InferenceEngine.ENGINE, "graph");
        Counting whole = new Counting(TinyBackbone.random(1));
        Map<String, String> expected = uninterrupted(whole, data, HEAD);
        Counting first = new Counting(TinyBackbone.random(1));
        interrupt(first, HEAD, FineTuneListener.Stage.FEATURES, 30, Earlier.IGNORE);
        Counting second = new Counting(TinyBackbone.random(1));

        assertThat(resumed(second, data, HEAD)).isEqualTo(expected);
        assertThat(first.images).isEqualTo(30);
        assertThat(second.images).isEqualTo(whole.images - 30);
    }

    @Test
    void withoutResumingWhatIsThereIsToldOfAndStays() {
        interrupt(
                TinyBackbone.random(1), HEAD, FineTuneListener.Stage.FEATURES, 30, Earlier.IGNORE);
        assertThat(told).isEmpty();
        interrupt(TinyBackbone.random(1), HEAD, FineTuneListener.Stage.FEATURES, 5, Earlier.IGNORE);
        assertThat(told).containsExactly(new EarlierWork(Kind.FEATURES, Finding.NOT_USED, 30));
        told.clear();
        interrupt(TinyBackbone.random(1), HEAD, FineTuneListener.Stage.HEAD, 1, Earlier.RESUME);
        assertThat(told).containsExactly(new EarlierWork(Kind.FEATURES, Finding.USED, 30));
    }

    @Test
    void otherWeightsStartAnew() throws IOException {
        interrupt(
                TinyBackbone.random(1), HEAD, FineTuneListener.Stage.FEATURES, 30, Earlier.IGNORE);
        assertThat(resumed(TinyBackbone.random(2), data, HEAD))
                .isEqualTo(uninterrupted(TinyBackbone.random(2), data, HEAD));
        assertThat(told).containsExactly(new EarlierWork(Kind.FEATURES, Finding.OF_ANOTHER_RUN, 0));
    }

    @Test
    void anotherSeedUsesThePlainFormsAlone() throws IOException {
        interrupt(TinyBackbone.random(1), HEAD, FineTuneListener.Stage.HEAD, 1, Earlier.IGNORE);
        assertThat(resumed(TinyBackbone.random(1), data, HEAD.withSeed(4)))
                .isEqualTo(uninterrupted(TinyBackbone.random(1), data, HEAD.withSeed(4)));
        assertThat(only(Kind.FEATURES).amount()).isEqualTo(32);
    }

    @Test
    void filesThatCameWentOrChangedAreComputed() throws IOException {
        Path copy = folder.resolve("copy");
        SyntheticRadiographs.writeParts(copy, 10, 6, 0, 1);
        interrupt(TinyBackbone.random(1), HEAD, FineTuneListener.Stage.HEAD, 1, Earlier.IGNORE);

        Files.delete(copy.resolve("train/non/003.png"));
        Files.move(copy.resolve("val/non/005.png"), copy.resolve("train/non/020.png"));
        Files.copy(
                copy.resolve("train/non/001.png"),
                copy.resolve("train/non/002.png"),
                StandardCopyOption.REPLACE_EXISTING);
        SyntheticRadiographs.write(
                copy.resolve("train/covid/009.png"), SyntheticRadiographs.draw(Label.COVID, 4711));
        FittingData changed = read(copy);

        assertThat(resumed(TinyBackbone.random(1), changed, HEAD))
                .isEqualTo(uninterrupted(TinyBackbone.random(1), changed, HEAD));
        assertThat(only(Kind.FEATURES).amount()).as("71 forms, 5 of the new image").isEqualTo(66);
    }

    @Test
    void aTornRecordIsComputedAgain() throws IOException {
        interrupt(
                TinyBackbone.random(1), HEAD, FineTuneListener.Stage.FEATURES, 30, Earlier.IGNORE);
        Path journal = kept.resolve("features.journal");
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(
                journal,
                Arrays.copyOf(bytes, bytes.length - 9),
                StandardOpenOption.TRUNCATE_EXISTING);

        assertThat(resumed(TinyBackbone.random(1), data, HEAD))
                .isEqualTo(uninterrupted(TinyBackbone.random(1), data, HEAD));
        assertThat(only(Kind.FEATURES).amount()).isEqualTo(29);
    }

    @Test
    void epochsAreTakenUpWhereverTheyWereInterrupted() throws IOException {
        Map<String, String> expected = uninterrupted(TinyBackbone.random(1), data, LAYERS);
        for (int epoch : new int[] {1, 3, 4}) {
            kept = folder.resolve("kept-" + epoch);
            interrupt(
                    TinyBackbone.random(1),
                    LAYERS,
                    FineTuneListener.Stage.HEAD,
                    epoch,
                    Earlier.IGNORE);
            told.clear();

            assertThat(resumed(TinyBackbone.random(1), data, LAYERS))
                    .as("interrupted after epoch %d", epoch)
                    .isEqualTo(expected);
            assertThat(only(Kind.EPOCHS))
                    .isEqualTo(new EarlierWork(Kind.EPOCHS, Finding.USED, epoch));
        }
    }

    @Test
    void momentumAndFrozenLayersAreTakenUp() throws IOException {
        FineTuneConfig config =
                LAYERS.withOptimizer(new SgdMomentum(0.9)).withTrainableFrom("norm2");
        Outcome expected = tuned(config, Optional.empty());
        try (Backbone backbone = LayerZoo.random(1);
                TrainingJournal journal = TrainingJournal.in(kept, Earlier.IGNORE)) {
            assertThatThrownBy(
                            () ->
                                    LayerTuner.run(
                                            backbone,
                                            data,
                                            config,
                                            until(FineTuneListener.Stage.HEAD, 3),
                                            journal))
                    .isInstanceOf(PowerCut.class);
        }
        assertThat(tuned(config, Optional.of(kept))).isEqualTo(expected);
        assertThat(only(Kind.EPOCHS).amount()).isEqualTo(3);
        assertThat(only(Kind.FEATURES).amount()).isEqualTo(72);
    }

    private record Outcome(LayerTuner.Outcome training, Map<String, INDArray> parameters) {}

    private Outcome tuned(FineTuneConfig config, Optional<Path> from) {
        try (Backbone backbone = LayerZoo.random(1);
                TrainingJournal journal =
                        from.map(f -> TrainingJournal.in(f, Earlier.RESUME))
                                .orElseGet(TrainingJournal::none)) {
            LayerTuner.Outcome outcome =
                    LayerTuner.run(backbone, data, config, toTheEnd(), journal);
            Map<String, INDArray> parameters = new HashMap<>();
            backbone.parameters().forEach((name, array) -> parameters.put(name, array.dup()));
            return new Outcome(outcome, parameters);
        }
    }

    @Test
    void epochsOfAnotherRecipeOrDamagedOnesStartAnew() throws IOException {
        interrupt(TinyBackbone.random(1), LAYERS, FineTuneListener.Stage.HEAD, 3, Earlier.IGNORE);
        FineTuneConfig other = LAYERS.withLearningRate(0.02);
        assertThat(resumed(TinyBackbone.random(1), data, other))
                .isEqualTo(uninterrupted(TinyBackbone.random(1), data, other));
        assertThat(only(Kind.EPOCHS).finding()).isEqualTo(Finding.OF_ANOTHER_RUN);
        told.clear();

        Path file = kept.resolve("epochs.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);
        assertThat(resumed(TinyBackbone.random(1), data, other))
                .isEqualTo(uninterrupted(TinyBackbone.random(1), data, other));
        assertThat(only(Kind.EPOCHS).finding()).isEqualTo(Finding.OF_ANOTHER_RUN);
    }

    @Test
    void finishingLeavesNothing() throws IOException {
        try (TrainingJournal journal = TrainingJournal.in(kept, Earlier.IGNORE)) {
            CovidClassifier.fineTune(TinyBackbone.random(1), data, LAYERS, toTheEnd(), journal)
                    .close();
            assertThat(kept).isNotEmptyDirectory();
            journal.finish();
        }
        assertThat(kept).doesNotExist();
    }

    @Test
    void twoRunsDoNotShareAFolder() throws IOException {
        try (TrainingJournal first = TrainingJournal.in(kept, Earlier.IGNORE);
                TrainingJournal second = TrainingJournal.in(kept, Earlier.RESUME)) {
            CovidClassifier.fineTune(TinyBackbone.random(1), data, HEAD, toTheEnd(), first).close();
            CovidClassifier.fineTune(TinyBackbone.random(1), data, LAYERS, toTheEnd(), second)
                    .close();
            second.finish();
            assertThat(kept.resolve("features.journal")).exists();
        }
        assertThat(told).containsExactly(new EarlierWork(Kind.FEATURES, Finding.CANNOT_KEEP, 0));
    }

    /** Counts the images whose features are asked for. */
    private static final class Counting implements Backbone {

        private final Backbone other;
        private long images;

        Counting(Backbone other) {
            this.other = other;
        }

        @Override
        public BackboneSpec spec() {
            return other.spec();
        }

        @Override
        public WeightsOrigin origin() {
            return other.origin();
        }

        @Override
        public ComputationGraph graph() {
            return other.graph();
        }

        @Override
        public FeatureTrace trace(INDArray batch) {
            return other.trace(batch);
        }

        @Override
        public INDArray features(INDArray batch) {
            images += batch.size(0);
            return other.features(batch);
        }

        @Override
        public Optional<INDArray> logits(INDArray batch) {
            return other.logits(batch);
        }

        @Override
        public Map<String, INDArray> parameters() {
            return other.parameters();
        }

        @Override
        public void close() {
            other.close();
        }
    }
}
