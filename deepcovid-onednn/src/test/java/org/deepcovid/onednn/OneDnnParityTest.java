package org.deepcovid.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.FloatBuffer;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features of whole networks against those of ONNX Runtime, which equal the reference. */
class OneDnnParityTest {

    @ParameterizedTest
    @CsvSource({
        "squeezenet, squeezenet_v1.1_imagenet_keras.h5",
        "resnet50, resnet50_imagenet_keras.h5",
        "resnet18, resnet18_random_keras.h5",
        "densenet121, densenet121_random_keras.h5"
    })
    void featuresEqualThoseOfOnnxRuntime(String name, String file) throws IOException {
        OneDnnCompiler compiler = new OneDnnCompiler();
        assumeTrue(compiler.supports(Precision.BFLOAT16), "bfloat16 does not run here");
        WeightsFile weights = WeightsFile.of(SharedData.path("weights/" + file));
        if (!file.contains("imagenet")) {
            weights = weights.withFlavour(Flavour.TORCHVISION);
        }
        try (Backbone backbone = Backbones.load(name, weights);
                InferenceEngine onnx = InferenceEngine.compiled(backbone);
                InferenceEngine single =
                        InferenceEngine.compiled(backbone, compiler, Precision.FLOAT32);
                InferenceEngine half =
                        InferenceEngine.compiled(backbone, compiler, Precision.BFLOAT16)) {
            FloatBuffer image = image();
            FloatTensor expected = onnx.features(image);
            assertThat(difference(single.features(image), expected)).isLessThan(1e-5);
            assertThat(difference(half.features(image), expected)).isBetween(1e-6, 0.04);
            assertThat(half.features(image)).isEqualTo(half.streamedFeatures(image));
        }
    }

    /** Smooth waves. */
    private static FloatBuffer image() {
        float[] values = new float[3 * 224 * 224];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.sin(i / 4480.0) + (i % 224) / 112.0 - 1);
        }
        return FloatBuffer.wrap(values);
    }

    /** Largest difference, as a share of the largest feature. */
    private static double difference(FloatTensor found, FloatTensor expected) {
        float[] a = found.row(0);
        float[] b = expected.row(0);
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            worst = Math.max(worst, Math.abs(a[i] - b[i]));
            largest = Math.max(largest, Math.abs(b[i]));
        }
        return worst / largest;
    }
}
