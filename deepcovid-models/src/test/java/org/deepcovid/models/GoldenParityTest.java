package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.FeatureTrace;
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
    })
    void featuresLogitsAndActivationMapsEqualTheReference(String name, String file)
            throws IOException {
        try (Backbone backbone = Backbones.pretrained(name, SharedData.path("weights/" + file))) {
            INDArray images = Golden.images(backbone.spec().normalization());
            FeatureTrace trace = backbone.trace(images);
            INDArray logits = backbone.logits(images).orElseThrow();
            Map<String, Double> errors =
                    Map.of(
                            "features",
                            Golden.worst(trace.pooled(), Golden.array(name + "-features")),
                            "logits",
                            Golden.worst(logits, Golden.array(name + "-logits")));
            assertThat(errors.values()).allSatisfy(e -> assertThat(e).isLessThan(TOLERANCE));
            if (file.contains("imagenet")) {
                assertThat(logits.argMax(1).getInt(CAT)).isEqualTo(TABBY);
            }
        }
    }
}
