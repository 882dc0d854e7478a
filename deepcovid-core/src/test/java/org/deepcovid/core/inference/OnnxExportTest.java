package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.LinearHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxExportTest {

    private static final int SIZE = TinyNetwork.SIZE;
    private static final int PLANE = SIZE * SIZE;
    private static final NetworkPlan PLAN = TinyNetwork.plan();
    private static final NetworkParameters PARAMETERS =
            NetworkParameters.of(TinyNetwork.values(PLAN));
    private static final LinearHead HEAD =
            new LinearHead(
                    new float[] {0.1f, -0.2f, 0.3f, 0.1f, -0.4f, 0.2f, 0.1f, -0.3f},
                    new float[] {0.05f, -0.1f});
    private static final List<String> LABELS = List.of("non", "covid");

    private static OnnxExport export(Normalization normalization) {
        return OnnxExport.of(PLAN, PARAMETERS, normalization);
    }

    /** Runs a model in ONNX Runtime with nothing of this library in between. */
    private static Map<String, float[]> run(byte[] model, float[] images, Set<String> outputs)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = {images.length / (3 * PLANE), 3, SIZE, SIZE};
        try (OrtSession session = environment.createSession(model);
                OnnxTensor input =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), shape);
                OrtSession.Result result = session.run(Map.of("images", input), outputs)) {
            Map<String, float[]> answers = new HashMap<>();
            for (String output : outputs) {
                OnnxTensor tensor = (OnnxTensor) result.get(output).orElseThrow();
                answers.put(output, tensor.getFloatBuffer().array());
            }
            return answers;
        }
    }

    private static float[] pixels(int batch) {
        Random random = new Random(2);
        float[] pixels = new float[batch * 3 * PLANE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextInt(256);
        }
        return pixels;
    }

    private static float[] normalized(float[] pixels, Normalization normalization) {
        float[] normalized = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            int plane = i / PLANE % 3;
            int from = i + (normalization.rgbChannelOf(plane) - plane) * PLANE;
            normalized[i] = normalization.apply(plane, pixels[from]);
        }
        return normalized;
    }

    static Stream<Normalization> normalizations() {
        return Stream.of(Normalization.CAFFE, Normalization.TORCH);
    }

    @ParameterizedTest
    @MethodSource("normalizations")
    void pixelsAreNormalisedInsideTheModel(Normalization normalization) throws Exception {
        OnnxExport export = export(normalization);
        float[] pixels = pixels(3);
        Set<String> outputs = Set.of("feature_map", "features", "logits");
        Map<String, float[]> expected =
                run(export.toBytes(), normalized(pixels, normalization), outputs);
        Map<String, float[]> found =
                run(export.withInput(OnnxExport.Input.PIXELS).toBytes(), pixels, outputs);
        for (String output : outputs) {
            double scale = normalization.equals(Normalization.CAFFE) ? 100 : 1;
            assertThat(found.get(output))
                    .containsExactly(expected.get(output), within((float) (2e-5 * scale)));
        }
    }

    @Test
    void theClassifierGivesTheHeadsProbabilities() throws Exception {
        float[] images = normalized(pixels(4), Normalization.TORCH);
        byte[] model = export(Normalization.TORCH).withHead(HEAD, LABELS, "covid").toBytes();
        float[] found = run(model, images, Set.of("covid_probability")).get("covid_probability");
        try (CompiledEngine engine = TinyNetwork.engine(PLAN, PARAMETERS)) {
            var features = engine.features(FloatBuffer.wrap(images));
            assertThat(found).hasSize(4);
            for (int i = 0; i < 4; i++) {
                assertThat((double) found[i])
                        .isCloseTo(HEAD.probabilities(features.row(i))[1], within(1e-6));
            }
        }
    }

    @Test
    void severalLabelsHaveAnOutputOfAllProbabilitiesAndOneOfThePositive() throws Exception {
        float[] images = normalized(pixels(2), Normalization.TORCH);
        LinearHead head =
                new LinearHead(
                        new float[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}, new float[] {0, 1, 2});
        OnnxExport export =
                export(Normalization.TORCH)
                        .withHead(head, List.of("COVID-19", "No Finding", "Flu"), "COVID-19");

        assertThat(export.positiveOutput()).isEqualTo("covid_19_probability");
        Map<String, float[]> found =
                run(export.toBytes(), images, Set.of("probabilities", "covid_19_probability"));
        try (CompiledEngine engine = TinyNetwork.engine(PLAN, PARAMETERS)) {
            var features = engine.features(FloatBuffer.wrap(images));
            for (int i = 0; i < 2; i++) {
                double[] expected = head.probabilities(features.row(i));
                assertThat((double) found.get("covid_19_probability")[i])
                        .isCloseTo(expected[0], within(1e-6));
                for (int c = 0; c < 3; c++) {
                    assertThat((double) found.get("probabilities")[3 * i + c])
                            .isCloseTo(expected[c], within(1e-6));
                }
            }
        }
        assertRejects(
                () -> export.withHead(head, List.of("a", "b", "c"), "d"), "the positive one d");
    }

    @Test
    void metadataTellsHowToUseTheModel() throws Exception {
        byte[] model =
                export(Normalization.CAFFE)
                        .withInput(OnnxExport.Input.PIXELS)
                        .withHead(HEAD, LABELS, "covid")
                        .withThreshold(0.25)
                        .withMetadata(Map.of("made_by", "a test", "notice", "a cure"))
                        .toBytes();
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of(
                                    "notice", OnnxExport.NOTICE,
                                    "input", "RGB, samples 0 to 255, not normalised",
                                    "channel_order", "BGR",
                                    "scale", "1.0",
                                    "mean", "[103.939, 116.779, 123.68]",
                                    "std", "[1.0, 1.0, 1.0]",
                                    "labels", "non,covid",
                                    "positive", "covid",
                                    "threshold", "0.25",
                                    "made_by", "a test"));
            assertThat(session.getMetadata().getDescription()).isEqualTo(OnnxExport.NOTICE);
            assertThat(session.getMetadata().getProducerName()).isEqualTo("deepcovid");
            assertThat(session.getInputNames()).containsExactly("images");
            assertThat(session.getOutputNames())
                    .containsExactly("feature_map", "features", "logits", "covid_probability");
            assertThat(session.getInputInfo().get("images").getInfo().toString())
                    .contains("[-1, 3, 8, 8]");
            assertThat(session.getOutputInfo().get("covid_probability").getInfo().toString())
                    .contains("[-1]");
        }
    }

    @Test
    void onlyTheOutputsOfThePlanAreExported() throws Exception {
        NetworkPlan features = PLAN.reducedTo(Set.of(NetworkOutput.FEATURES));
        byte[] model = OnnxExport.of(features, PARAMETERS, Normalization.TORCH).toBytes();
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
            assertThat(session.getOutputNames()).containsExactly("features");
            assertThat(session.getMetadata().getCustomMetadata())
                    .doesNotContainKeys("labels", "threshold")
                    .containsEntry("input", "normalised, channel order RGB");
        }
    }

    @Test
    void aFileIsWrittenWholeAndNotReplacedUnasked(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("model.onnx");
        OnnxExport export = export(Normalization.TORCH).withHead(HEAD, LABELS, "covid");
        export.write(file, IfExists.FAIL);
        assertThat(Files.readAllBytes(file)).isEqualTo(export.toBytes());
        assertFails(FileAlreadyExistsException.class, () -> export.write(file, IfExists.FAIL));
        export.withThreshold(0.5).write(file, IfExists.REPLACE);
        assertThat(Files.readAllBytes(file)).isNotEqualTo(export.toBytes());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aHeadThatDoesNotFitIsRefused() {
        LinearHead other = new LinearHead(new float[] {1, 2, 3}, new float[] {0});
        assertRejects(
                () -> export(Normalization.TORCH).withHead(other, List.of("covid"), "covid"),
                "maps 3 features to 1 classes; the network gives 4");
        assertRejects(
                () -> export(Normalization.TORCH).withHead(HEAD, List.of("covid"), "covid"),
                "the labels are [covid]");
        NetworkPlan map = PLAN.reducedTo(Set.of(NetworkOutput.FEATURE_MAP));
        assertRejects(
                () ->
                        OnnxExport.of(map, PARAMETERS, Normalization.TORCH)
                                .withHead(HEAD, LABELS, "covid"),
                "the network gives 0 features");
    }
}
