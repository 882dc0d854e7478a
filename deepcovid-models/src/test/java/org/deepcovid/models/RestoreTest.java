package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneProvider;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RestoreTest {

    private static final WeightsOrigin ORIGIN = new WeightsOrigin("seed 5", "0".repeat(64), false);

    static java.util.Set<String> names() {
        return Backbones.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aServiceRebuildsEveryNetworkFromSpecAndParameters(String name) {
        try (Backbone original = untrained(name, OptionalInt.of(7))) {
            Map<String, INDArray> parameters = new LinkedHashMap<>();
            original.parameters().forEach((key, array) -> parameters.put(key, array.dup()));
            try (Backbone restored =
                    provider(original.spec().architecture())
                            .restore(original.spec(), parameters, ORIGIN)) {
                assertThat(restored.spec()).isEqualTo(original.spec());
                assertThat(restored.origin()).isEqualTo(ORIGIN);
                assertThat(restored.parameters()).isEqualTo(parameters);
                assertThat(restored.graph().getConfiguration().getVertices().keySet())
                        .isEqualTo(original.graph().getConfiguration().getVertices().keySet());
            }
        }
    }

    @Test
    void theHeadMayBeAbsentAsAWholeOnly() {
        try (Backbone original = untrained("squeezenet", OptionalInt.of(3))) {
            Map<String, INDArray> parameters = new LinkedHashMap<>(original.parameters());
            parameters.remove("conv10/b");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new SqueezeNet().restore(original.spec(), parameters, ORIGIN))
                    .withMessageContaining("conv10/W is superfluous");
            parameters.remove("conv10/W");
            try (Backbone restored =
                    new SqueezeNet().restore(original.spec(), parameters, ORIGIN)) {
                INDArray images = Nd4j.rand(DataType.FLOAT, 1, 3, 224, 224);
                assertThat(restored.logits(images)).isEmpty();
                assertThat(restored.features(images)).isEqualTo(original.features(images));
            }
        }
    }

    @Test
    void everyProblemIsListed() {
        assertRefused(
                parameters -> {
                    parameters.remove("conv1/b");
                    parameters.put("conv99/W", Nd4j.zeros(DataType.FLOAT, 1));
                    parameters.put("fire2.squeeze/W", Nd4j.zeros(DataType.FLOAT, 64, 16, 1, 1));
                    parameters.put("fire2.squeeze/b", Nd4j.zeros(DataType.DOUBLE, 16));
                    parameters.get("fire3.squeeze/b").putScalar(3, Float.NaN);
                    parameters.get("fire4.squeeze/b").putScalar(3, Float.NEGATIVE_INFINITY);
                },
                "conv1/b is missing",
                "conv99/W is superfluous",
                "fire2.squeeze/W is FLOAT [64, 16, 1, 1], expected FLOAT [16, 64, 1, 1]",
                "fire2.squeeze/b is DOUBLE [16], expected FLOAT [16]",
                "fire3.squeeze/b holds a value that is not finite",
                "fire4.squeeze/b holds a value that is not finite");
    }

    private static void assertRefused(Consumer<Map<String, INDArray>> damage, String... texts) {
        try (Backbone original = untrained("squeezenet", OptionalInt.empty())) {
            Map<String, INDArray> parameters = new LinkedHashMap<>();
            original.parameters().forEach((key, array) -> parameters.put(key, array.dup()));
            damage.accept(parameters);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new SqueezeNet().restore(original.spec(), parameters, ORIGIN))
                    .satisfies(e -> assertThat(e.getMessage()).contains(texts));
        }
    }

    @Test
    void specsOfAnotherArchitectureOrFlavourAreRefused() {
        BackboneSpec other = new ResNet50().spec(Flavour.KERAS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SqueezeNet().restore(other, Map.of(), ORIGIN))
                .withMessageContaining("the spec is of resnet-50");
        BackboneSpec unknown =
                new BackboneSpec(
                        other.architecture(),
                        "caffe2",
                        new BackboneSpec.Input(224, other.normalization()),
                        new BackboneSpec.Features(2048, 7, other.camLayer()),
                        1e-5,
                        new BackboneSpec.Source("", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResNet50().restore(unknown, Map.of(), ORIGIN))
                .withMessageContaining("flavour 'caffe2'");
    }

    private static Backbone untrained(String name, OptionalInt classes) {
        Network network = Backbones.network(name);
        return network.untrained(network.spec(Flavour.TORCHVISION), classes, 5);
    }

    private static BackboneProvider provider(String architecture) {
        return ServiceLoader.load(BackboneProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.architecture().equals(architecture))
                .findFirst()
                .orElseThrow();
    }
}
