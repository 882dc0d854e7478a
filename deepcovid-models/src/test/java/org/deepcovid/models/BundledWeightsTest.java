package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.core.model.tensors.TensorHeader;
import org.deepcovid.models.weights.WeightsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BundledWeightsTest {

    private static final int TWO_MEGABYTES = 2_000_000;

    @TempDir Path folder;

    @Test
    void loadsWithoutAnyFileAndSaysWhatItIs() {
        try (Backbone backbone = Backbones.bundled()) {
            assertThat(backbone.spec().architecture()).isEqualTo("squeezenet-1.1");
            assertThat(backbone.spec().normalization()).isEqualTo(Normalization.TORCH);
            assertThat(backbone.spec().inputSize()).isEqualTo(224);
            assertThat(backbone.spec().licence()).startsWith("Apache-2.0");
            assertThat(backbone.origin().sha256()).isEqualTo(SqueezeNet.BUNDLED_SHA_256);
            assertThat(backbone.origin().name()).isEqualTo(SqueezeNet.BUNDLED);
            assertThat(backbone.origin().trained()).isTrue();
            assertThat(backbone.parameters().values().stream().mapToLong(INDArray::length).sum())
                    .isEqualTo(722_496);
            INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, 224, 224);
            INDArray features = backbone.features(images);
            assertThat(features.getRow(0).equalsWithEps(features.getRow(1), 1e-6)).isFalse();
            assertThat(backbone.logits(images)).isEmpty();
        }
    }

    @Test
    void isSmallHalfPrecisionAndTellsHowItWasMade() throws IOException {
        byte[] bytes = Backbones.bundledBytes();
        assertThat(bytes).hasSizeLessThan(TWO_MEGABYTES);
        assertThat(FileHashes.sha256(bytes)).isEqualTo(SqueezeNet.BUNDLED_SHA_256);
        try (SafetensorsReader reader =
                SafetensorsReader.of("bundled", new ByteArrayInputStream(bytes), bytes.length)) {
            assertThat(reader.tensors()).allMatch(tensor -> tensor.type() == TensorHeader.Type.F16);
            assertThat(reader.metadata())
                    .containsEntry("license", "Apache-2.0")
                    .containsEntry("deepcovid.trained", "true")
                    .containsKeys(
                            "deepcovid.seed",
                            "deepcovid.plan",
                            "deepcovid.command",
                            "deepcovid.data",
                            "deepcovid.pretraining_classes",
                            "deepcovid.version");
        }
    }

    @Test
    void changedBytesAreRefused() {
        byte[] bytes = Backbones.bundledBytes();
        bytes[bytes.length - 1] ^= 1;
        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> new SqueezeNet().bundled(bytes, List.of()))
                .withMessageContaining(SqueezeNet.BUNDLED_SHA_256);
    }

    @Test
    void halfPrecisionRoundsToTheNearestAndReadsBack() throws IOException {
        Path file = folder.resolve("half.safetensors");
        try (Backbone original = Backbones.untrained("squeezenet", 5)) {
            Backbones.writeHalfPrecision(original, file, Map.of("note", "a test"));
            assertThat(Files.size(file)).isLessThan(TWO_MEGABYTES);
            try (SafetensorsReader reader = SafetensorsReader.open(file);
                    Backbone read = Backbones.load("squeezenet", file)) {
                assertThat(reader.metadata()).containsEntry("note", "a test");
                assertThat(read.origin().trained()).isFalse();
                Map<String, INDArray> expected = original.parameters();
                assertThat(read.parameters().keySet()).isEqualTo(expected.keySet());
                double worst = 0;
                for (Map.Entry<String, INDArray> entry : read.parameters().entrySet()) {
                    worst = Math.max(worst, error(entry.getValue(), expected.get(entry.getKey())));
                }
                assertThat(worst).isPositive().isLessThan(Math.scalb(1.0, -11));
            }
        }
    }

    private static double error(INDArray found, INDArray expected) {
        return found.sub(expected).amaxNumber().doubleValue()
                / Math.max(1, expected.amaxNumber().doubleValue());
    }
}
