package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Every network, as its graph and in compiled form, against the reference. */
class GoldenParityTest {

    private static final double TOLERANCE = 1e-3;
    private static final double PROBABILITY_TOLERANCE = 1e-4;
    private static final int ONE = 3 * 224 * 224;
    private static final int CAT = 4;
    private static final int TABBY = 281;

    @ParameterizedTest
    @CsvSource({
        "squeezenet, squeezenet_v1.1_imagenet_keras.h5",
        "resnet50, resnet50_imagenet_keras.h5",
        "resnet18, resnet18_random_keras.h5",
        "densenet121, densenet121_random_keras.h5"
    })
    void bothEnginesEqualTheReference(String name, String file) throws IOException {
        WeightsFile weights = WeightsFile.of(SharedData.path("weights/" + file));
        boolean imagenet = file.contains("imagenet");
        try (Backbone backbone =
                        Backbones.load(
                                name,
                                imagenet ? weights : weights.withFlavour(Flavour.TORCHVISION));
                InferenceEngine compiled = InferenceEngine.compiled(backbone);
                InferenceEngine graph = InferenceEngine.graph(backbone)) {
            INDArray images = Golden.images(backbone.spec().normalization());
            FloatBuffer buffer = FloatBuffer.wrap(images.data().asFloat());
            Map<NetworkOutput, FloatTensor> found = compiled.run(buffer, compiled.outputs());
            Map<NetworkOutput, FloatTensor> expected = graph.run(buffer, graph.outputs());

            assertThat(found.keySet()).isEqualTo(Set.of(NetworkOutput.values()));
            for (NetworkOutput output : NetworkOutput.values()) {
                double worst = Golden.worst(array(found.get(output)), array(expected.get(output)));
                assertThat(worst).as("%s", output).isLessThan(TOLERANCE);
            }
            assertThat(probabilityDifference(found, expected)).isLessThan(PROBABILITY_TOLERANCE);
            INDArray logits = array(expected.get(NetworkOutput.LOGITS));
            assertThat(Golden.worst(logits, Golden.array(name + "-logits"))).isLessThan(TOLERANCE);
            INDArray golden = Golden.array(name + "-features");
            INDArray features = array(expected.get(NetworkOutput.FEATURES));
            assertThat(Golden.worst(features, golden)).isLessThan(TOLERANCE);
            assertThat(Golden.worst(array(compiled.features(buffer)), golden))
                    .isLessThan(TOLERANCE);
            if (imagenet) {
                assertThat(logits.argMax(1).getInt(CAT)).isEqualTo(TABBY);
            }
            assertThat(compiled.streamedFeatures(buffer))
                    .as("streams give the same bits")
                    .isEqualTo(compiled.features(buffer));
            assertThat(compiled.features(buffer.slice(3 * ONE, ONE)).row(0))
                    .as("an image alone gives the bits that it gives in a batch")
                    .isEqualTo(found.get(NetworkOutput.FEATURES).row(3));
        }
    }

    private static double probabilityDifference(
            Map<NetworkOutput, FloatTensor> found, Map<NetworkOutput, FloatTensor> expected) {
        return Golden.worst(
                Transforms.softmax(array(found.get(NetworkOutput.LOGITS))),
                Transforms.softmax(array(expected.get(NetworkOutput.LOGITS))));
    }

    private static INDArray array(FloatTensor tensor) {
        float[] values = new float[tensor.values().remaining()];
        tensor.values().get(values);
        return Nd4j.create(
                values, tensor.shape().stream().mapToLong(Integer::longValue).toArray(), 'c');
    }
}
