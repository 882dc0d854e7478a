package org.deepcovid.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.deepcovid.core.image.Normalization;
import org.junit.jupiter.api.Test;

class BackboneSpecTest {

    private static final BackboneSpec SPEC =
            new BackboneSpec(
                    "squeezenet-1.1",
                    "keras",
                    new BackboneSpec.Input(224, Normalization.CAFFE),
                    new BackboneSpec.Features(512, 13, "fire9"),
                    0,
                    new BackboneSpec.Source("BSD-2-Clause", "Iandola et al. (2016)"));

    /** Saved classifiers of schema 1 hold the properties on one level. */
    @Test
    void jsonIsFlat() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        String json = mapper.writeValueAsString(SPEC);
        assertThat(mapper.readTree(json).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        ("architecture flavour inputSize normalization featureChannels featureSize "
                                        + "camLayer batchNormEpsilon licence paper")
                                .split(" ", -1));
        assertThat(mapper.readTree(json).get("camLayer").asText()).isEqualTo("fire9");
        assertThat(mapper.readValue(json, BackboneSpec.class)).isEqualTo(SPEC);
    }

    @Test
    void sizesArePositiveAndEpsilonIsSmall() {
        assertThatThrownBy(() -> new BackboneSpec.Input(0, Normalization.TORCH))
                .hasMessageContaining("inputSize is 0");
        assertThatThrownBy(() -> new BackboneSpec.Features(0, 1, "map"))
                .hasMessageContaining("featureChannels is 0");
        assertThatThrownBy(() -> withEpsilon(1))
                .hasMessageContaining("batchNormEpsilon of net is 1.0");
    }

    private static BackboneSpec withEpsilon(double epsilon) {
        return new BackboneSpec(
                "net", "none", SPEC.input(), SPEC.features(), epsilon, SPEC.source());
    }
}
