package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class GoldenParityTest {

    private static final double TOLERANCE = 1e-3;
    private static final int CAT = 4;
    private static final int TABBY = 281;

    @ParameterizedTest
    @CsvSource({
        "squeezenet, squeezenet_v1.1_imagenet_keras.h5",
        "resnet50, resnet50_imagenet_keras.h5",
        "resnet18, resnet18_random_keras.h5",
        "densenet121, densenet121_random_keras.h5",
    })
    void featuresLogitsAndActivationMapsEqualTheReference(String name, String file)
            throws IOException {
        WeightsFile weights = WeightsFile.of(SharedData.path("weights/" + file));
        boolean imagenet = file.contains("imagenet");
        try (Backbone backbone =
                Backbones.load(
                        name,
                        imagenet
                                ? weights
                                : weights.withFlavour(Flavour.TORCHVISION).untrained())) {
            INDArray images = Golden.images(backbone.spec().normalization());
            Backbone.Trace trace = backbone.trace(images);
            INDArray logits = backbone.logits(images).orElseThrow();
            INDArray maps = ClassActivation.ofArgMax(backbone, images, trace, logits);
            Map<String, Double> errors =
                    Map.of(
                            "features",
                            Golden.worst(trace.pooled(), Golden.array(name + "-features")),
                            "logits",
                            Golden.worst(logits, Golden.array(name + "-logits")),
                            "cam",
                            Golden.worst(maps, Golden.array(name + "-cam")));
            assertThat(errors).allSatisfy((what, error) -> assertThat(error).isLessThan(TOLERANCE));
            if (imagenet) {
                assertThat(logits.argMax(1).getInt(CAT)).isEqualTo(TABBY);
            }
        }
    }
}
