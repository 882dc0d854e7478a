package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.GraphSurgery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GraphSurgeryTest {

    private static Backbone full;

    @BeforeAll
    static void open() {
        full = Backbones.bundled();
    }

    @AfterAll
    static void close() {
        full.close();
    }

    @Test
    void computesWhatTheWholeNetworkComputesUpToTheLayer() {
        Nd4j.getRandom().setSeed(5);
        INDArray images = Nd4j.randn(DataType.FLOAT, 1, 3, 224, 224);
        INDArray expected = full.graph().feedForward(images, false).get("fire4").dup();
        try (Backbone cut = GraphSurgery.upTo(full, "fire4")) {
            INDArray map = cut.trace(images).map();

            assertThat(map.equalsWithEps(expected, 1e-4)).isTrue();
            assertThat(cut.features(images).equalsWithEps(expected.mean(2, 3), 1e-4)).isTrue();
            assertThat(cut.spec().architecture()).endsWith(" up to fire4");
            assertThat(cut.spec().featureChannels()).isEqualTo(256);
            assertThat(cut.spec().featureSize()).isEqualTo(27);
            assertThat(cut.parameters().keySet()).contains("fire4.squeeze/W");
            assertThat(cut.parameters().keySet()).doesNotContain("fire5.squeeze/W");
        }
    }

    @Test
    void leavesTheWholeNetworkAsItWas() {
        INDArray before = full.parameters().get("conv1/W").dup();
        try (Backbone cut = GraphSurgery.upTo(full, "fire2")) {
            cut.parameters().values().forEach(values -> values.assign(0));
        }

        assertThat(full.parameters().get("conv1/W")).isEqualTo(before);
        assertThat(before.norm2Number().doubleValue()).isPositive();
        assertThat(full.parameters()).containsKey("fire9.squeeze/W");
    }

    @Test
    void refusesALayerWithoutAMap() {
        assertThatThrownBy(() -> GraphSurgery.upTo(full, "fire99"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'fire99'")
                .hasMessageContaining("it does not exist")
                .hasMessageContaining("fire5");
        assertThatThrownBy(() -> GraphSurgery.upTo(full, Backbone.FEATURES))
                .hasMessageContaining("expected a layer with feature maps");
    }
}
