package org.deepcovid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeatmapRowTest {

    static List<String> networks() {
        return RowOptions.parse(List.of()).networks();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theInnerLayerOfEveryNetworkExistsBelowItsLastMap(String network) {
        try (Backbone backbone = Backbones.untrained(network, 1)) {
            String layer = HeatmapRow.innerLayer(network);

            assertThat(backbone.graph().getVertex(layer)).as(layer).isNotNull();
            assertThat(layer).isNotEqualTo(backbone.spec().camLayer());
        }
    }

    @Test
    void anotherNetworkIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeatmapRow.innerLayer("vgg16"))
                .withMessageContaining("network is 'vgg16'; expected squeezenet");
    }
}
