package org.deepcovid.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deepcovid.core.model.tensors.SafetensorsWriter;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsFileTest {

    @TempDir Path folder;

    @Test
    void kernelsArriveInTheGraphsOrder() throws IOException {
        Map<String, INDArray> tensors = tensors();
        ComputationGraph graph = TinyNetwork.load(write(tensors, Map.of()));
        assertThat(graph.getLayer("conv_a").getParam("W")).isEqualTo(tensors.get("conv_a.weight"));
        assertThat(graph.getLayer("top").getParam("W").transpose())
                .isEqualTo(tensors.get("top.weight"));
        Map.of("gamma", "weight", "beta", "bias", "mean", "running_mean", "var", "running_var")
                .forEach(
                        (ours, torch) ->
                                assertThat(graph.getLayer("norm_a").getParam(ours))
                                        .isEqualTo(tensors.get("norm_a." + torch)));
    }

    @Test
    void countersAreLeftOutAndNothingElse() throws IOException {
        Map<String, INDArray> tensors = tensors();
        tensors.put("norm_a.num_batches_tracked", Nd4j.ones(DataType.FLOAT, 1));
        assertThat(TinyNetwork.load(write(tensors, Map.of()))).isNotNull();
        refused(
                t -> t.put("norm_a.other", Nd4j.ones(DataType.FLOAT, 1)),
                "1 superfluous: norm_a.other");
    }

    @Test
    void everyMisfitIsListed() throws IOException {
        refused(
                tensors -> {
                    tensors.remove("conv_a.bias");
                    tensors.put("top.weight", Nd4j.ones(DataType.FLOAT, 2, 4));
                    tensors.put("fc.bias", Nd4j.ones(DataType.FLOAT, 4));
                },
                "1 missing: conv_a.bias [2]",
                "1 superfluous: fc.bias",
                "1 misshapen: top.weight is [2, 4], expected [4, 2]",
                "does not fit tiny with the names of tiny PyTorch");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void valuesThatAreNotFiniteAreRefused(float bad) throws IOException {
        refused(
                tensors -> tensors.get("norm_a.running_var").putScalar(1, bad),
                "value 1 of norm_a.running_var is " + bad);
    }

    @Test
    void bothSpellingsOfOneNameAreRefused() throws IOException {
        refused(
                tensors -> {
                    tensors.put("x.denselayer1.norm1.bias", Nd4j.ones(DataType.FLOAT, 1));
                    tensors.put("x.denselayer1.norm.1.bias", Nd4j.ones(DataType.FLOAT, 1));
                },
                "x.denselayer1.norm1.bias in both spellings");
    }

    @Test
    void narrowTensorsAreWidenedAndIntegersRefused() throws IOException {
        String one = "{\"conv_a.weight\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,2]}}";
        short half = 0x3c00;
        PretrainedWeights weights = TinyNetwork.open(raw(one.formatted("F16"), half));
        assertThat(weights.layout()).isEqualTo(Layout.TORCH);
        fails(
                () -> TinyNetwork.open(raw(one.formatted("I16"), half)),
                "conv_a.weight is I16; expected F32, F16 or BF16");
    }

    @Test
    void declarationsAreReadAndMustMakeSense() throws IOException {
        Map<String, INDArray> tensors = tensors();
        PretrainedWeights plain = TinyNetwork.open(write(tensors, Map.of()));
        assertThat(plain.declaredFlavour()).isEmpty();
        assertThat(plain.declaredEpsilon()).isEmpty();

        PretrainedWeights declared =
                TinyNetwork.open(
                        write(
                                tensors,
                                Map.of(
                                        "deepcovid.flavour", "keras",
                                        "deepcovid.batch_norm_epsilon", "0.002")));
        assertThat(declared.declaredFlavour()).contains(Flavour.KERAS);
        assertThat(declared.declaredEpsilon()).hasValue(0.002);
        for (String bad : new String[] {"one", "-1", "NaN", "1"}) {
            PretrainedWeights odd =
                    TinyNetwork.open(write(tensors, Map.of("deepcovid.batch_norm_epsilon", bad)));
            fails(odd::declaredEpsilon, "declares epsilon '" + bad + "'");
        }
        PretrainedWeights unknown =
                TinyNetwork.open(write(tensors, Map.of("deepcovid.flavour", "caffe")));
        fails(unknown::declaredFlavour, "declares flavour 'caffe'");
    }

    @Test
    void callerAndFileMustNotDisagreeOnTheFlavour() throws IOException {
        WeightsFile file =
                WeightsFile.of(write(tensors(), Map.of("deepcovid.flavour", "keras")))
                        .withFlavour(Flavour.TORCHVISION);
        PretrainedWeights weights =
                PretrainedWeights.open(
                        "tiny", file, TinyNetwork.LAYERS, java.util.List.of(TinyNetwork.TORCH));
        fails(weights::declaredFlavour, "declares flavour keras, the caller torchvision");
    }

    @Test
    void theFileTellsTheNumberOfClasses() throws IOException {
        Map<String, INDArray> tensors = tensors();
        assertThat(TinyNetwork.open(write(tensors, Map.of())).classes("top", true)).hasValue(4);
        assertThat(TinyNetwork.open(TinyNetwork.resource("tiny_legacy.h5")).classes("top", true))
                .hasValue(4);
        tensors.put("top.weight", Nd4j.ones(DataType.FLOAT, 30_001, 1));
        PretrainedWeights many = TinyNetwork.open(write(tensors, Map.of()));
        fails(() -> many.classes("top", true), "expected 1 to 30000 classes");
        tensors.remove("top.weight");
        assertThat(TinyNetwork.open(write(tensors, Map.of())).classes("top", true))
                .isEqualTo(OptionalInt.empty());
    }

    private static Map<String, INDArray> tensors() {
        Map<String, INDArray> tensors = new TreeMap<>();
        for (Parameter parameter : Parameter.of(TinyNetwork.graph())) {
            INDArray stored = parameter.stored(Layout.TORCH);
            tensors.put(
                    parameter.key(TinyNetwork.TORCH), Nd4j.rand(DataType.FLOAT, stored.shape()));
        }
        return tensors;
    }

    private void refused(Consumer<Map<String, INDArray>> damage, String... texts)
            throws IOException {
        Map<String, INDArray> tensors = tensors();
        damage.accept(tensors);
        Path file = write(tensors, Map.of());
        fails(() -> TinyNetwork.load(file), texts);
        fails(() -> TinyNetwork.load(file), file.toString());
    }

    private static void fails(ThrowingCallable call, String... texts) {
        assertThatThrownBy(call)
                .isInstanceOf(WeightsException.class)
                .hasMessageContainingAll(texts);
    }

    private Path write(Map<String, INDArray> tensors, Map<String, String> metadata)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SafetensorsWriter.write(bytes, tensors, metadata);
        return Files.write(folder.resolve("some.safetensors"), bytes.toByteArray());
    }

    private Path raw(String header, short value) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[8 + json.length + 2];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .putShort(value);
        return Files.write(folder.resolve("raw.safetensors"), bytes);
    }
}
