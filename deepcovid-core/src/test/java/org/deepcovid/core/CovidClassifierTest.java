package org.deepcovid.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Acquisition;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.inference.EngineReport;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.EpochSummary;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.FineTuneListener;
import org.deepcovid.core.training.TrainableLayers;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.Threads;
import org.deepcovid.testing.TinyBackbone;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CovidClassifierTest {

    private static final FineTuneConfig CONFIG =
            FineTuneConfig.defaults().withEpochs(20).withLearningRate(0.01).withSeed(3);

    @TempDir static Path images;
    @TempDir Path folder;
    private static DatasetSplit split;
    private static FineTuned run;
    private static CovidClassifier classifier;

    @BeforeAll
    static void drawImages() {
        SyntheticRadiographs.writeParts(images, 20, 8, 10, 1);
        split = PatientSplitter.seeded(1).split(XrayDataset.read(images));
        run = fineTuned(CONFIG);
        classifier = run.classifier();
    }

    @AfterAll
    static void close() {
        run.close();
    }

    private static FineTuned fineTuned(FineTuneConfig config) {
        return CovidClassifier.fineTune(TinyBackbone.random(1), split.fitting(), config);
    }

    private static List<Double> testScores(CovidClassifier fitted) {
        return fitted.score(split.test()).stream().map(ScoredImage::positiveProbability).toList();
    }

    static List<FineTuneConfig> recipes() {
        return List.of(
                CONFIG,
                FineTuneConfig.releasedScript().withEpochs(6).withSeed(3),
                FineTuneConfig.robust()
                        .withAugmentationPlan(
                                new EveryImage(
                                        3,
                                        Augmentation.defaults()
                                                .withAcquisition(Acquisition.defaults())))
                        .withEpochs(6)
                        .withSeed(3),
                CONFIG.withEpochs(2).withMeanOf(2));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void sameSeedGivesTheSameClassifierBitForBit(FineTuneConfig recipe) {
        try (FineTuned one = fineTuned(recipe);
                FineTuned same = fineTuned(recipe);
                FineTuned other = fineTuned(recipe.withSeed(4))) {
            assertThat(same.classifier().head()).isEqualTo(one.classifier().head());
            assertThat(testScores(same.classifier())).isEqualTo(testScores(one.classifier()));
            assertThat(same.history()).isEqualTo(one.classifier().provenance().history());
            assertThat(other.classifier().head()).isNotEqualTo(one.classifier().head());
        }
    }

    @Test
    void scoresPositivesAboveNegatives() {
        try (FineTuned longRun = fineTuned(CONFIG.withEpochs(100))) {
            CovidClassifier fitted = longRun.classifier();
            assertThat(mean(fitted, Label.COVID))
                    .isGreaterThan(mean(fitted, Label.NON_COVID) + 0.1);
        }
    }

    private static double mean(CovidClassifier fitted, Label label) {
        return fitted.score(split.test()).stream()
                .filter(image -> image.truth().equals(label))
                .mapToDouble(ScoredImage::positiveProbability)
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void loadedClassifierGivesTheSameProbabilitiesBitForBit(FineTuneConfig recipe)
            throws IOException {
        Path file = folder.resolve("tiny.deepcovid");
        DecisionThreshold threshold = new DecisionThreshold(0.375, "a rule", "8 images");
        try (FineTuned trainedRun = fineTuned(recipe);
                CovidClassifier trained = trainedRun.classifier(threshold)) {
            trained.save(file);
            try (CovidClassifier loaded = CovidClassifier.load(file)) {
                assertThat(testScores(loaded)).isEqualTo(testScores(trained));
                assertThat(loaded.threshold()).contains(threshold);
                assertThat(loaded.provenance()).isEqualTo(trained.provenance());
                assertThat(loaded.provenance().config()).isEqualTo(recipe);
                assertThat(loaded.spec()).isEqualTo(trained.spec());
                assertThat(loaded.engine().kind()).isEqualTo(EngineReport.Kind.COMPILED);
                assertThat(loaded.backbone().parameters())
                        .isEqualTo(trained.backbone().parameters());
                Path again = folder.resolve("again.deepcovid");
                loaded.save(again);
                assertThat(again).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void scoresAreTheSameOneByOneManyAtATimeAndFromManyThreads() throws Exception {
        List<Path> files = split.test().stream().map(LabelledImage::file).toList();
        List<Double> expected = testScores(classifier);

        List<Double> together = new ArrayList<>();
        classifier.predict(files).forEach(p -> together.add(p.positiveProbability()));
        assertThat(together).isEqualTo(expected);
        for (int i = 0; i < files.size(); i++) {
            byte[] bytes = Files.readAllBytes(files.get(i));
            BufferedImage picture = ImageIO.read(files.get(i).toFile());
            assertThat(
                            List.of(
                                    classifier.predict(picture),
                                    classifier.predict(bytes),
                                    classifier.predict(new ByteArrayInputStream(bytes)),
                                    classifier.predict(Radiograph.of(files.get(i)))))
                    .extracting(Prediction::positiveProbability)
                    .containsOnly(expected.get(i));
        }

        List<Callable<Double>> calls = new ArrayList<>();
        files.forEach(f -> calls.add(() -> classifier.predict(f).positiveProbability()));
        assertThat(Threads.results(4, calls)).isEqualTo(expected);
        Callable<List<Double>> all =
                () -> {
                    List<Double> scores = new ArrayList<>();
                    classifier.predict(
                            files.stream(), (file, p) -> scores.add(p.positiveProbability()));
                    return scores;
                };
        assertThat(Threads.results(3, Collections.nCopies(6, all))).containsOnly(expected);
    }

    @Test
    void aStreamOfFilesIsScoredAsItComesPastUnreadableOnes() throws IOException {
        Path text = Files.writeString(folder.resolve("note.png"), "not an image");
        Path image = split.test().get(0).file();
        int total = 300;
        AtomicInteger asked = new AtomicInteger();
        List<Integer> askedAtResult = new ArrayList<>();
        List<Path> unreadable = new ArrayList<>();
        double expected = classifier.predict(image).positiveProbability();
        classifier.predict(
                IntStream.range(0, total)
                        .mapToObj(i -> i % 50 == 49 ? text : image)
                        .peek(file -> asked.incrementAndGet()),
                new PredictionListener() {
                    @Override
                    public void onPrediction(Path file, Prediction prediction) {
                        assertThat(file).isEqualTo(image);
                        assertThat(prediction.positiveProbability()).isEqualTo(expected);
                        askedAtResult.add(asked.get() - unreadable.size());
                    }

                    @Override
                    public void onUnreadable(Path file, UnreadableImageException problem) {
                        assertThat(problem.id()).isEqualTo(file.toString());
                        unreadable.add(file);
                    }
                });
        assertThat(unreadable).hasSize(6).containsOnly(text);
        assertThat(askedAtResult).hasSize(294);
        for (int done = 0; done < askedAtResult.size(); done++) {
            assertThat(askedAtResult.get(done) - done).isLessThan(70); // read ahead, not all
        }
    }

    @Test
    void anUnreadableFileEndsACallUnlessTheListenerGoesOn() throws IOException {
        Path text = Files.writeString(folder.resolve("note.png"), "not an image");
        Path image = split.test().get(0).file();
        List<Path> scored = new ArrayList<>();
        assertFails(
                UnreadableImageException.class,
                () ->
                        classifier.predict(
                                Stream.of(image, text, image), (file, p) -> scored.add(file)),
                text.toString());
        assertThat(scored).containsExactly(image);
        assertFails(
                UnreadableImageException.class, () -> classifier.predict(text), text.toString());
    }

    @Test
    void predictsTheLabelOnlyWithAThreshold() {
        Path image = split.test().get(0).file();
        double p = classifier.predict(image).positiveProbability();

        assertThat(classifier.predict(image).label()).isEmpty();
        assertThat(labelAt(p, image)).isEqualTo(Label.COVID);
        assertThat(labelAt(Math.nextUp(p), image)).isEqualTo(Label.NON_COVID);
    }

    private static Label labelAt(double threshold, Path image) {
        return classifier
                .withThreshold(new DecisionThreshold(threshold, "test", "test"))
                .predict(image)
                .label()
                .orElseThrow();
    }

    @Test
    void provenanceHoldsDataRecipeAndWeights() {
        assertThat(classifier.provenance().config()).isEqualTo(CONFIG);
        assertThat(classifier.provenance().training().images()).isEqualTo(40);
        assertThat(classifier.provenance().validation().count(Label.COVID)).isEqualTo(8);
        assertThat(classifier.provenance().weights().name()).isEqualTo("random 1");
        assertThat(classifier.provenance().history()).hasSize(20);
        assertThat(split.training()).allMatch(i -> classifier.provenance().wasFittedOn(i.sha256()));
        assertThat(split.test()).noneMatch(i -> classifier.provenance().wasFittedOn(i.sha256()));
        assertThat(run.validationScores()).hasSize(16);
    }

    @Test
    void imagesThatTheBackboneWasTrainedOnAreNamedAndNoTestImages() throws IOException {
        List<String> known =
                List.of(
                        ModelProvenance.shortHash(split.training().get(3).sha256()),
                        ModelProvenance.shortHash(split.validation().get(0).sha256()),
                        ModelProvenance.shortHash(split.test().get(0).sha256()));
        Path file = folder.resolve("pretrained.deepcovid");
        try (Backbone random = TinyBackbone.random(1);
                FineTuned pretrained =
                        CovidClassifier.fineTune(
                                GraphBackbone.of(
                                        random.spec(),
                                        random.origin().withImages(known),
                                        random.graph()),
                                split.fitting(),
                                CONFIG.withEpochs(1))) {
            assertThat(pretrained.outOfFoldScores().describe())
                    .endsWith("; the backbone itself was trained on 2 of them");
            pretrained.classifier().save(file);
        }
        try (CovidClassifier loaded = CovidClassifier.load(file)) {
            assertThat(split.test())
                    .filteredOn(image -> loaded.provenance().wasFittedOn(image.sha256()))
                    .containsExactly(split.test().get(0));
        }
        assertThat(run.outOfFoldScores().describe()).doesNotContain("backbone");
    }

    @Test
    void refusesEqualPixelsInTrainingAndValidation() {
        List<LabelledImage> validation = new ArrayList<>(split.validation());
        LabelledImage first = split.training().get(0);
        validation.add(SyntheticRadiographs.copy(first, folder.resolve("copy.bmp")));
        FittingData data = new FittingData(split.training(), validation);
        FineTuneConfig layers = CONFIG.withTrainable(TrainableLayers.wholeBackbone());

        for (FineTuneConfig config : List.of(CONFIG, layers)) {
            assertThatThrownBy(() -> CovidClassifier.fineTune(TinyBackbone.random(1), data, config))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining(
                            "equal images are in train (%s) and val (copy of %s)"
                                    .formatted(first.id(), first.id()));
        }
    }

    @Test
    void augmentedCopiesChangeTheHead() {
        try (FineTuned one = fineTuned(CONFIG.withPositiveCopies(1, CONFIG.augmentation()))) {
            assertThat(classifier.head()).isNotEqualTo(one.classifier().head());
        }
    }

    @Test
    void everyEpochDrawsOtherFormsAsLongAsThereAreDraws() {
        FineTuneConfig script = FineTuneConfig.releasedScript().withEpochs(2).withSeed(3);
        Augmentation parts = script.augmentation();
        List<Long> total = new ArrayList<>();
        FineTuneListener listener =
                new FineTuneListener() {
                    @Override
                    public void onProgress(Stage stage, long done, long all) {
                        if (stage == Stage.FEATURES && done == all) {
                            total.add(all);
                        }
                    }
                };
        List<List<EpochSummary>> histories = new ArrayList<>();
        for (int draws : List.of(1, 2)) {
            FineTuneConfig config = script.withAugmentationPlan(new EveryImage(draws, parts));
            try (FineTuned run =
                    CovidClassifier.fineTune(
                            TinyBackbone.random(1), split.fitting(), config, listener)) {
                histories.add(run.history());
            }
        }
        long altered = 88; // for the input check
        assertThat(total).containsExactly(40L + 16, altered, 2 * 40L + 16, altered);
        assertThat(histories.get(1).get(0)).isEqualTo(histories.get(0).get(0));
        assertThat(histories.get(1).get(1)).isNotEqualTo(histories.get(0).get(1));
    }

    @Test
    void reportsProgressAndStopsWhenCancelled() {
        List<EpochSummary> epochs = new ArrayList<>();
        List<Long> features = new ArrayList<>();
        FineTuneListener listener =
                new FineTuneListener() {
                    @Override
                    public void onProgress(Stage stage, long done, long total) {
                        if (stage == Stage.FEATURES) {
                            features.add(done);
                            assertThat(total).isEqualTo(20 + 20 * 5 + 16);
                        }
                    }

                    @Override
                    public void onEpoch(EpochSummary summary) {
                        epochs.add(summary);
                    }

                    @Override
                    public boolean isCancelled() {
                        return epochs.size() == 2;
                    }
                };

        assertFails(
                CancellationException.class,
                () ->
                        CovidClassifier.fineTune(
                                TinyBackbone.random(1), split.fitting(), CONFIG, listener));
        assertThat(epochs).hasSize(2);
        assertThat(features).startsWith(0L).endsWith(136L).isSorted();
    }

    @Test
    void namesEveryImageThatCannotBeRead() throws IOException {
        Path root = SyntheticRadiographs.writeParts(folder.resolve("data"), 6, 3, 3, 2);
        DatasetSplit broken = PatientSplitter.seeded(1).split(XrayDataset.read(root));
        List<Path> bad =
                List.of(broken.training().get(1).file(), broken.validation().get(2).file());
        for (Path file : bad) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        }

        assertFails(
                DatasetException.class,
                () -> CovidClassifier.fineTune(TinyBackbone.random(1), broken.fitting(), CONFIG),
                bad.get(0).toString(),
                bad.get(1).toString());
    }

    @Test
    void classifiersOfARunAreClosedWithIt() {
        Path image = split.test().get(0).file();
        FineTuned closing = fineTuned(CONFIG.withEpochs(1));
        CovidClassifier one = closing.classifier();
        CovidClassifier two = closing.classifier(new DecisionThreshold(0.5, "test", "test"));
        double expected = one.predict(image).positiveProbability();
        one.close();
        assertThat(two.predict(image).positiveProbability()).isEqualTo(expected);
        closing.close();
        assertFails(IllegalStateException.class, () -> two.predict(image));
    }

    @Test
    void theComputationGraphIsACopyWithTheHead() {
        ComputationGraph graph = classifier.toComputationGraph();
        BackboneSpec spec = classifier.spec();
        Path image = split.test().get(0).file();
        float[] pixels = new Preprocessing(spec.inputSize(), spec.normalization()).apply(image);
        INDArray input =
                Nd4j.create(pixels, new long[] {1, 3, spec.inputSize(), spec.inputSize()}, 'c');
        double expected = classifier.predict(image).positiveProbability();

        INDArray[] output = graph.output(input);
        assertThat(output).hasSize(1);
        assertThat(output[0].shape()).containsExactly(1, 2);
        assertThat(output[0].getDouble(0, LabelSet.COVID.indexOf(Label.COVID)))
                .isCloseTo(expected, within(1e-5));

        graph.fit(new INDArray[] {input}, new INDArray[] {Nd4j.create(new float[][] {{1, 0}})});
        graph.params().assign(0);
        graph.close();
        assertThat(classifier.predict(image).positiveProbability()).isEqualTo(expected);
    }

    @Test
    void anExportedModelGivesTheCalibratedScore() throws Exception {
        ScoreCalibration change =
                new ScoreCalibration(ScoreCalibration.Method.PLATT, 0.3, 0.8, "some images");
        CovidClassifier calibrated =
                classifier.with(
                        new Decisions(
                                Optional.of(change),
                                Optional.empty(),
                                Optional.empty(),
                                List.of()));
        Radiograph image = split.test().get(0).radiograph();
        Path file = folder.resolve("calibrated.onnx");
        calibrated.exportOnnx(file);
        int size = classifier.spec().inputSize();
        Preprocessing preprocessing = new Preprocessing(size, classifier.spec().normalization());
        float[] input = preprocessing.toTensor(preprocessing.resizeAndCrop(image.decode()));
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor tensor =
                        OnnxTensor.createTensor(
                                environment,
                                FloatBuffer.wrap(input),
                                new long[] {1, 3, size, size});
                OrtSession.Result result = session.run(Map.of("images", tensor))) {
            float[] scores = (float[]) result.get("covid_probability").orElseThrow().getValue();
            assertThat((double) scores[0])
                    .isCloseTo(calibrated.predict(image).positiveProbability(), within(1e-5))
                    .isNotCloseTo(classifier.predict(image).positiveProbability(), within(0.01));
            assertThat(session.getMetadata().getCustomMetadata().get("scores"))
                    .startsWith("calibrated: Platt scaling");
        }
    }

    @Test
    void exportsAnOnnxModelAndNeverReplacesOne() throws IOException {
        Path file = folder.resolve("tiny.onnx");
        classifier.exportOnnx(file);
        assertThat(file).isNotEmptyFile();
        assertFails(
                ClassifierFileException.class,
                () -> classifier.exportOnnx(file),
                "exists; choose another name");
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .doesNotContain("standardization");
    }

    @Test
    void aMeanOfHeadsHasTheMeanOfTheirLogits() {
        FineTuneConfig recipe = CONFIG.withEpochs(3);
        try (FineTuned mean = fineTuned(recipe.withMeanOf(3));
                FineTuned second = fineTuned(recipe.withSeed(4))) {
            List<FineTuned> members = mean.members();
            members.get(0).close();
            ClassProbabilities expected =
                    ClassProbabilities.meanOfLogits(
                            members.stream()
                                    .map(m -> m.classifier().score(split.test()).get(0))
                                    .map(ScoredImage::probabilities)
                                    .toList());

            assertThat(members).hasSize(3);
            assertThat(members.get(1).classifier().head()).isEqualTo(second.classifier().head());
            assertThat(members.get(1).outOfFoldScores()).isEqualTo(second.outOfFoldScores());
            assertThat(testScores(mean.classifier()).get(0))
                    .isCloseTo(expected.positive(), within(1e-6));
            assertThat(mean.outOfFoldScores().validation().get(0).positiveProbability())
                    .isCloseTo(mean.validationScores().get(0).positiveProbability(), within(1e-6));
            assertThat(mean.outOfFoldScores().training()).hasSameSizeAs(split.training());
            assertThat(mean.classifier().provenance().config().seeds()).isEqualTo(3);
        }
        assertRejects(
                () -> CONFIG.withMeanOf(2).withTrainableFrom("x"), "needs the same network below");
    }

    @Test
    void standardisesTheImagesThatItScoresAndSaysSoInItsFiles() throws IOException {
        Path onnx = folder.resolve("robust.onnx");
        FineTuneConfig recipe = FineTuneConfig.robust().withEpochs(2);
        RasterImage image = split.test().get(0).radiograph().decode();
        int width = image.width();
        int border = width / 10;
        byte[] samples = new byte[(width + 2 * border) * image.height()];
        for (int i = 0; i < samples.length; i++) {
            int x = i % (width + 2 * border) - border;
            samples[i] =
                    (byte)
                            (x < 0 || x >= width
                                    ? 20
                                    : image.sample(x, i / (width + 2 * border), 0));
        }
        Radiograph bordered =
                Radiograph.of(RasterImage.of(width + 2 * border, image.height(), 1, samples));
        try (FineTuned robust = fineTuned(recipe)) {
            assertThat(robust.classifier().predict(bordered).positiveProbability())
                    .isEqualTo(
                            robust.classifier()
                                    .predict(Radiograph.of(image))
                                    .positiveProbability());
            robust.classifier().exportOnnx(onnx);
        }
        assertThat(classifier.predict(bordered).positiveProbability())
                .isNotEqualTo(classifier.predict(Radiograph.of(image)).positiveProbability());
        assertThat(Files.readString(onnx, StandardCharsets.ISO_8859_1))
                .contains("standardization", "uniform borders trimmed");
    }
}
