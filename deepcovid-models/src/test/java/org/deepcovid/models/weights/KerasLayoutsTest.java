package org.deepcovid.models.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.shape.Shape;

class KerasLayoutsTest {

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny_legacy.h5",
                "tiny_legacy_f64.h5",
                "tiny_legacy_f16.h5",
                "tiny_legacy_latest.h5",
                "tiny_legacy_split.h5",
                "tiny_model.h5",
                "tiny_3_named.weights.h5",
                "tiny_3_attribute.weights.h5",
                "tiny.keras"
            })
    void everyLayoutGivesTheSameParameters(String file) {
        ComputationGraph graph = TinyNetwork.load(TinyNetwork.resource(file));
        int[] checked = {0};
        TinyNetwork.forEach(
                graph,
                (layer, parameter, array) -> {
                    for (long i = 0; i < array.length(); i++) {
                        long[] at = Shape.ind2subC(array.shape(), i);
                        assertThat(array.getDouble(at))
                                .as("%s/%s at %d", layer, parameter, i)
                                .isEqualTo(TinyNetwork.expected(layer, parameter, at));
                        checked[0]++;
                    }
                });
        assertThat(checked[0]).isEqualTo(76);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tiny_3_classes.weights.h5 | holds no layer of tiny; it holds layers/batch_normal",
                "tiny_3_classes.weights.h5 | save the whole model as .keras",
                "tiny_legacy_gzip.h5 | conv_a/conv_a/kernel:0 is stored compressed",
                "tiny_linked.h5 | top/bias:0 is a link",
                "not_weights.h5 | its top level holds [images]; expected a layer_names attribute"
            })
    void unusableLayoutsAreNamed(String file, String text) {
        refused(TinyNetwork.resource(file), text);
    }

    private static void refused(Path file, String text) {
        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> TinyNetwork.load(file))
                .withMessageContaining(file.toString())
                .withMessageContaining(text);
    }

    @Test
    void zipsThatHoldNoUsableWeightsAreRefused() throws IOException {
        byte[] json = "{}".getBytes(UTF_8);
        refusedZip(Map.of("config.json", json), "has no entry model.weights.h5");
        refusedZip(Map.of("archive/data.pkl", new byte[3]), "PyTorch file, a pickle");
        refusedZip(
                Map.of("config.json", "{".getBytes(UTF_8), "model.weights.h5", weights()),
                "config.json is not JSON");
        refusedZip(
                Map.of("config.json", json, "model.weights.h5", weights()),
                "holds no layer of tiny");
        refusedZip(
                Map.of("config.json", json, "model.weights.h5", new byte[10_000_000]),
                "unpacks to more than");
        byte[] whole = Files.readAllBytes(TinyNetwork.resource("tiny.keras"));
        byte[] cut = Arrays.copyOf(whole, whole.length - 30);
        refused(Files.write(folder.resolve("cut.keras"), cut), "is damaged or no zip file");
    }

    @ParameterizedTest
    @CsvSource({
        "Conv2D, conv2d",
        "BatchNormalization, batch_normalization",
        "Dense, dense",
        "GlobalAveragePooling2D, global_average_pooling2d"
    })
    void classNamesBecomeGroupNamesAsInKeras(String className, String group) {
        assertThat(KerasZip.snakeCase(className)).isEqualTo(group);
    }

    private static byte[] weights() throws IOException {
        try (ZipFile zip = new ZipFile(TinyNetwork.resource("tiny.keras").toFile())) {
            return zip.getInputStream(zip.getEntry("model.weights.h5")).readAllBytes();
        }
    }

    private void refusedZip(Map<String, byte[]> entries, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        refused(Files.write(folder.resolve("some.keras"), bytes.toByteArray()), text);
    }
}
