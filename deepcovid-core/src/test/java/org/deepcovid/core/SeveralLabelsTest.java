package org.deepcovid.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertRejects;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.data.DatasetOptions;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A classifier of three labels, the positive one in the middle. */
class SeveralLabelsTest {

    private static final Label BRIGHT = new Label("Bright");
    private static final Label FLU = new Label("Flu (A)");
    private static final Label NORMAL = new Label("No Finding");
    private static final LabelSet LABELS = new LabelSet(List.of(BRIGHT, FLU, NORMAL), FLU);
    private static final FineTuneConfig CONFIG =
            FineTuneConfig.defaults().withEpochs(60).withLearningRate(0.02).withSeed(3);

    @TempDir static Path images;
    @TempDir Path folder;
    private static DatasetSplit split;
    private static FineTuned run;

    @BeforeAll
    static void fineTune() {
        for (int i = 0; i < 45; i++) {
            Label label = LABELS.labels().get(i % 3);
            BufferedImage picture =
                    SyntheticRadiographs.draw(label.equals(FLU) ? Label.COVID : Label.NON_COVID, i);
            SyntheticRadiographs.write(
                    images.resolve(label.name()).resolve(i + ".png"),
                    label.equals(BRIGHT) ? brightened(picture) : picture);
        }
        split = PatientSplitter.seeded(1).split(dataset(DatasetOptions.defaults()));
        run = fineTuned(CONFIG);
    }

    private static BufferedImage brightened(BufferedImage picture) {
        WritableRaster raster = picture.getRaster();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                raster.setSample(x, y, 0, Math.min(255, raster.getSample(x, y, 0) + 90));
            }
        }
        return picture;
    }

    private static XrayDataset dataset(DatasetOptions options) {
        return XrayDataset.read(images, options.withPositive("flu (a)"));
    }

    private static FineTuned fineTuned(FineTuneConfig config) {
        return CovidClassifier.fineTune(TinyBackbone.random(1), split.fitting(), config);
    }

    @AfterAll
    static void close() {
        run.close();
    }

    private static double shareMostLikely(List<ScoredImage> scores) {
        return scores.stream()
                .mapToInt(s -> s.probabilities().mostLikely().equals(s.truth()) ? 1 : 0)
                .average()
                .orElseThrow();
    }

    @Test
    void headHasAnOutputForEachLabelAndTellsThemApart() {
        CovidClassifier classifier = run.classifier();

        assertThat(classifier.labels()).isEqualTo(LABELS);
        assertThat(classifier.head().classes()).isEqualTo(3);
        assertThat(shareMostLikely(classifier.score(split.test()))).isGreaterThan(0.7);
        assertThat(classifier.provenance().training().imagesByLabel())
                .containsOnlyKeys("Bright", "Flu (A)", "No Finding");
    }

    @Test
    void outOfFoldScoresCarryTheProbabilityOfEveryLabel() {
        OutOfFoldScores scores = run.outOfFoldScores();

        assertThat(scores.training()).hasSameSizeAs(split.training());
        assertThat(shareMostLikely(scores.all())).isGreaterThan(0.7);
        ScoredImage first = scores.training().get(0);
        assertThat(first.probabilities().values()).hasSize(3);
        assertThat(first.positiveProbability()).isEqualTo(first.probabilities().of(FLU));
        assertThat(scores.describe()).contains("of them Flu (A)");
    }

    @Test
    void labelIsTheMostLikelyOneWhateverTheThresholdSays() {
        LabelledImage normal =
                split.test().stream().filter(i -> i.label().equals(NORMAL)).findFirst().get();
        Prediction plain = run.classifier().predict(normal.file());
        assertThat(plain.label()).contains(NORMAL);
        assertThat(plain.positive()).isEmpty();

        DecisionThreshold low =
                new DecisionThreshold(plain.positiveProbability(), "test", "no images");
        Prediction atThreshold = run.classifier(low).predict(normal.file());

        assertThat(atThreshold.label()).contains(NORMAL);
        assertThat(atThreshold.positive()).contains(true);
        assertThat(
                        new Prediction(
                                        "a",
                                        atThreshold.probabilities(),
                                        Optional.of(high()),
                                        List.of(),
                                        OptionalDouble.empty())
                                .positive())
                .contains(false);
    }

    private static DecisionThreshold high() {
        return new DecisionThreshold(1, "test", "no images");
    }

    @Test
    void savedClassifierKeepsTheLabelsAsWritten() {
        Path file = folder.resolve("a.deepcovid");
        run.classifier().save(file);

        try (CovidClassifier loaded = CovidClassifier.load(file)) {
            assertThat(loaded.labels()).isEqualTo(LABELS);
            assertThat(loaded.score(split.test())).isEqualTo(run.classifier().score(split.test()));
            assertThat(loaded.provenance()).isEqualTo(run.classifier().provenance());
        }
        run.classifier().exportOnnx(folder.resolve("a.onnx"));
    }

    @Test
    void theComputationGraphHasTheOutputsOfTheHead() {
        Path image = split.test().get(0).file();
        float[] pixels =
                new Preprocessing(TinyBackbone.SIZE, TinyBackbone.spec().normalization())
                        .apply(image);
        ComputationGraph graph = run.classifier().toComputationGraph();
        INDArray output =
                graph.output(
                                Nd4j.create(
                                        pixels,
                                        new long[] {1, 3, TinyBackbone.SIZE, TinyBackbone.SIZE},
                                        'c'))[0];
        assertThat(output.toDoubleVector())
                .containsExactly(
                        run.classifier().predict(image).probabilities().values().stream()
                                .mapToDouble(p -> p)
                                .toArray(),
                        within(1e-5));
        graph.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bright", "Flu (A)", "No Finding"})
    void anyLabelCanBeThePositiveOne(String positive) {
        XrayDataset other =
                XrayDataset.read(images, DatasetOptions.defaults().withPositive(positive));
        try (FineTuned another =
                CovidClassifier.fineTune(
                        TinyBackbone.random(1),
                        PatientSplitter.seeded(1).split(other).fitting(),
                        CONFIG.withEpochs(1))) {
            CovidClassifier classifier = another.classifier();
            assertThat(classifier.labels().names()).isEqualTo(LABELS.names());
            assertThat(classifier.labels().positive()).isEqualTo(new Label(positive));
        }
    }

    @Test
    void layersOfTheBackboneAreTrainedOnAllLabels() {
        try (FineTuned tuned = fineTuned(CONFIG.withTrainableFrom("conv").withEpochs(8))) {
            assertThat(tuned.classifier().head().classes()).isEqualTo(3);
            assertThat(tuned.history().get(7).trainingLoss())
                    .isLessThan(tuned.history().get(0).trainingLoss());
        }
    }

    @Test
    void datasetMustHaveTheLabelsOfTheClassifier() {
        assertThat(XrayDataset.read(images, DatasetOptions.defaults().withLabels(LABELS)).labels())
                .isEqualTo(LABELS);
        Path other = SyntheticRadiographs.writeClasses(folder, 1, 1);
        String expected =
                "the labels of the data are [covid, non], those of the classifier are [Bright,"
                        + " Flu (A), No Finding]; expected the same";
        assertThat(problem(other, LABELS)).isEqualTo(expected);
        assertThat(problem(images, LabelSet.COVID))
                .isEqualTo(
                        "the labels of the data are [Bright, Flu (A), No Finding], those of the"
                                + " classifier are [non, covid]; expected the same");
        List<LabelledImage> foreign = XrayDataset.read(other).images();
        assertRejects(
                () -> run.classifier().score(foreign),
                "has the label covid; the classifier's labels are [Bright, Flu (A), No Finding]");
    }

    private static String problem(Path data, LabelSet expected) {
        DatasetException e =
                catchThrowableOfType(
                        DatasetException.class,
                        () ->
                                XrayDataset.read(
                                        data, DatasetOptions.defaults().withLabels(expected)));
        return e.problems().get(0);
    }

    @Test
    void probabilitiesMustBeOneForEachLabelWithTheSumOne() {
        ClassProbabilities equal = new ClassProbabilities(LABELS, List.of(0.4, 0.4, 0.2));
        assertThat(equal.mostLikely()).isEqualTo(BRIGHT);
        assertThat(equal.positive()).isEqualTo(0.4);
        for (List<Double> values :
                List.of(
                        List.of(0.5, 0.5),
                        List.of(0.5, 0.5, 0.5),
                        List.of(1.5, -0.25, -0.25),
                        Arrays.asList(0.5, 0.5, Double.NaN))) {
            assertRejects(() -> new ClassProbabilities(LABELS, values), "with the sum 1 (logits?)");
        }
    }
}
