package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertFails;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
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
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.FineTuneListener.Stage;
import org.deepcovid.core.training.LearningRateSchedule.StepDecay;
import org.deepcovid.core.training.Optimizer.SgdMomentum;
import org.deepcovid.core.training.TrainableLayers.WholeBackbone;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A run that was interrupted and taken up makes the classifier of one that was not. */
class ResumedFineTuningTest {

    private static final FineTuneConfig HEAD =
            FineTuneConfig.defaults().withEpochs(12).withLearningRate(0.01).withSeed(3);
    private static final FineTuneConfig LAYERS =
            HEAD.withEpochs(4)
                    .withSchedule(new StepDecay(0.5, 2))
                    .withTrainable(new WholeBackbone());

    @TempDir static Path images;
    @TempDir Path folder;
    private static FittingData data;
    private final List<String> resumed = new ArrayList<>();
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
    private FineTuneListener until(Stage stage, int done) {
        return new FineTuneListener() {
            @Override
            public void onResumed(Stage now, long units) {
                resumed.add(now + " " + units);
            }

            @Override
            public void onProgress(Stage now, long sofar, long total) {
                if (now == stage && sofar >= done && sofar > 0) {
                    throw new PowerCut();
                }
            }
        };
    }

    private FineTuneListener toTheEnd() {
        return until(Stage.FEATURES, Integer.MAX_VALUE);
    }

    private static RunOptions options(FineTuneListener listener, WorkStore work) {
        return RunOptions.defaults().withListener(listener).withWork(work).withMachine(2, 5);
    }

    private WorkStore store() {
        return WorkStore.in(kept);
    }

    private void interrupt(FineTuneConfig config, Stage stage, int done) {
        interrupt(TinyBackbone.random(1), config, stage, done);
    }

    private void interrupt(Backbone backbone, FineTuneConfig config, Stage stage, int done) {
        try (WorkStore work = store()) {
            RunOptions options = options(until(stage, done), work);
            assertFails(
                    PowerCut.class,
                    () -> CovidClassifier.fineTune(backbone, data, config, options));
        }
    }

    private Map<String, String> resumed(Backbone backbone, FittingData fit, FineTuneConfig config)
            throws IOException {
        try (WorkStore work = store()) {
            return contents(backbone, fit, config, options(toTheEnd(), work));
        }
    }

    private Map<String, String> uninterrupted(
            Backbone backbone, FittingData fit, FineTuneConfig config) throws IOException {
        return contents(backbone, fit, config, options(FineTuneListener.SILENT, WorkStore.none()));
    }

    private void assertResumedAsUninterrupted(long weights, FittingData fit, FineTuneConfig config)
            throws IOException {
        assertThat(resumed(TinyBackbone.random(weights), fit, config))
                .isEqualTo(uninterrupted(TinyBackbone.random(weights), fit, config));
    }

    private Map<String, String> contents(
            Backbone backbone, FittingData fit, FineTuneConfig config, RunOptions options)
            throws IOException {
        try (FineTuned run = CovidClassifier.fineTune(backbone, fit, config, options)) {
            return contents(run);
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

    private long units(Stage stage) {
        return resumed.stream()
                .filter(text -> text.startsWith(stage + " "))
                .mapToLong(text -> Long.parseLong(text.split(" ", 2)[1]))
                .sum();
    }

    @Test
    void featuresAreUsedAgainByTheCompiledEngine() throws IOException {
        Map<String, String> expected = uninterrupted(TinyBackbone.random(1), data, HEAD);
        interrupt(HEAD, Stage.FEATURES, 30);
        assertThat(resumed).isEmpty();
        interrupt(HEAD, Stage.HEAD, 3);
        assertThat(units(Stage.FEATURES)).isBetween(30L, 60L);
        resumed.clear();

        assertThat(resumed(TinyBackbone.random(1), data, HEAD)).isEqualTo(expected);
        assertThat(resumed.get(0)).isEqualTo("FEATURES 72");
    }

    /** The graph engine runs the backbone itself, which counts. */
    @Test
    void imagesThatAreKeptAreNotComputedAgain() throws IOException {
        System.setProperty(InferenceEngine.ENGINE, "graph");
        AtomicLong whole = new AtomicLong();
        AtomicLong first = new AtomicLong();
        AtomicLong second = new AtomicLong();
        Map<String, String> expected =
                uninterrupted(counting(TinyBackbone.random(1), whole), data, HEAD);
        interrupt(counting(TinyBackbone.random(1), first), HEAD, Stage.FEATURES, 30);

        assertThat(resumed(counting(TinyBackbone.random(1), second), data, HEAD))
                .isEqualTo(expected);
        assertThat(first).hasValue(30);
        assertThat(second).hasValue(whole.get() - 30);
    }

    @Test
    void otherWeightsStartAnew() throws IOException {
        interrupt(HEAD, Stage.FEATURES, 30);
        assertResumedAsUninterrupted(2, data, HEAD);
        assertThat(resumed).isEmpty();
    }

    @Test
    void anotherSeedUsesThePlainFormsAlone() throws IOException {
        interrupt(HEAD, Stage.HEAD, 1);
        assertResumedAsUninterrupted(1, data, HEAD.withSeed(4));
        assertThat(units(Stage.FEATURES)).isEqualTo(32);
    }

    @Test
    void filesThatCameWentOrChangedAreComputed() throws IOException {
        Path copy = folder.resolve("copy");
        SyntheticRadiographs.writeParts(copy, 10, 6, 0, 1);
        interrupt(HEAD, Stage.HEAD, 1);

        Files.delete(copy.resolve("train/non/003.png"));
        Files.move(copy.resolve("val/non/005.png"), copy.resolve("train/non/020.png"));
        Files.copy(
                copy.resolve("train/non/001.png"),
                copy.resolve("train/non/002.png"),
                StandardCopyOption.REPLACE_EXISTING);
        SyntheticRadiographs.write(
                copy.resolve("train/covid/009.png"), SyntheticRadiographs.draw(Label.COVID, 4711));
        FittingData changed = read(copy);

        assertResumedAsUninterrupted(1, changed, HEAD);
        assertThat(units(Stage.FEATURES)).as("71 forms, 5 of the new image").isEqualTo(66);
    }

    @Test
    void damagedRowsAreComputedAgain() throws IOException {
        interrupt(HEAD, Stage.FEATURES, 30);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(kept, "rows-*")) {
            for (Path rows : files) { // several if the run took more than seconds
                byte[] bytes = Files.readAllBytes(rows);
                bytes[bytes.length / 2] ^= 1;
                Files.write(rows, bytes);
            }
        }

        assertResumedAsUninterrupted(1, data, HEAD);
        assertThat(resumed).isEmpty();
    }

    @Test
    void epochsAreTakenUpWhereverTheyWereInterrupted() throws IOException {
        Map<String, String> expected = uninterrupted(TinyBackbone.random(1), data, LAYERS);
        for (int epoch : new int[] {1, 3, 4}) {
            kept = folder.resolve("kept-" + epoch);
            interrupt(LAYERS, Stage.HEAD, epoch);
            resumed.clear();

            assertThat(resumed(TinyBackbone.random(1), data, LAYERS))
                    .as("interrupted after epoch %d", epoch)
                    .isEqualTo(expected);
            assertThat(units(Stage.HEAD)).isEqualTo(epoch);
        }
    }

    @Test
    void momentumAndFrozenLayersAreTakenUp() throws IOException {
        FineTuneConfig config =
                LAYERS.withOptimizer(new SgdMomentum(0.9)).withTrainableFrom("norm2");
        Outcome expected = tuned(config, Optional.empty());
        try (Backbone backbone = LayerZoo.random(1);
                WorkStore work = store()) {
            assertFails(
                    PowerCut.class,
                    () ->
                            LayerTuner.run(
                                    backbone, data, config, options(until(Stage.HEAD, 3), work)));
        }
        assertThat(tuned(config, Optional.of(kept))).isEqualTo(expected);
        assertThat(units(Stage.HEAD)).isEqualTo(3);
        assertThat(units(Stage.FEATURES)).isEqualTo(72);
    }

    private record Outcome(LayerTuner.Outcome training, Map<String, INDArray> parameters) {}

    private Outcome tuned(FineTuneConfig config, Optional<Path> from) {
        try (Backbone backbone = LayerZoo.random(1);
                WorkStore work = from.map(f -> store()).orElseGet(WorkStore::none)) {
            LayerTuner.Outcome outcome =
                    LayerTuner.run(backbone, data, config, options(toTheEnd(), work));
            return new Outcome(outcome, LayerZoo.copies(backbone));
        }
    }

    @Test
    void epochsOfAnotherRecipeOrDamagedOnesStartAnew() throws IOException {
        interrupt(LAYERS, Stage.HEAD, 3);
        FineTuneConfig other = LAYERS.withLearningRate(0.02);
        assertResumedAsUninterrupted(1, data, other);
        assertThat(units(Stage.HEAD)).isZero();
        resumed.clear();

        Path file = kept.resolve("checkpoint.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);
        assertResumedAsUninterrupted(1, data, other);
        assertThat(units(Stage.HEAD)).isZero();
    }

    @Test
    void finishingLeavesNothing() {
        try (WorkStore work = store();
                FineTuned run =
                        CovidClassifier.fineTune(
                                TinyBackbone.random(1), data, LAYERS, options(toTheEnd(), work))) {
            assertThat(run.history()).hasSize(4);
            assertThat(kept).isNotEmptyDirectory();
            work.finish();
        }
        assertThat(kept).doesNotExist();
    }

    /** A backbone that counts the images whose features are computed. */
    private static Backbone counting(Backbone other, AtomicLong images) {
        return (Backbone)
                Proxy.newProxyInstance(
                        Backbone.class.getClassLoader(),
                        new Class<?>[] {Backbone.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("features")) {
                                images.addAndGet(((INDArray) arguments[0]).size(0));
                            }
                            return method.invoke(other, arguments);
                        });
    }
}
