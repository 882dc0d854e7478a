package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RasterImageTest {

    @Test
    void readsUnsignedInterleavedSamples() {
        RasterImage image = RasterImage.of(2, 1, 3, new byte[] {1, 2, 3, 4, 5, (byte) 250});

        assertThat(image.sample(0, 0, 1)).isEqualTo(2);
        assertThat(image.sample(1, 0, 2)).isEqualTo(250);
        assertThat(image).hasToString("2 x 1 RGB image");
    }

    @Test
    void cannotBeChangedFromOutside() {
        byte[] samples = {7};
        RasterImage image = RasterImage.of(1, 1, 1, samples);

        samples[0] = 8;
        image.toBytes()[0] = 9;

        assertThat(image.sample(0, 0, 0)).isEqualTo(7);
    }

    @Test
    void equalsByContent() {
        RasterImage equal = RasterImage.of(2, 1, 1, new byte[] {1, 2});
        assertThat(RasterImage.of(2, 1, 1, new byte[] {1, 2}))
                .isEqualTo(equal)
                .hasSameHashCodeAs(equal)
                .isNotEqualTo(RasterImage.of(1, 2, 1, new byte[] {1, 2}))
                .isNotEqualTo(RasterImage.of(2, 1, 1, new byte[] {1, 3}));
    }

    @Test
    void rejectsSizesThatDoNotFit() {
        assertThatThrownBy(() -> RasterImage.of(2, 2, 1, new byte[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 samples for 2 x 2 with 1 channels; expected 4");
        assertThatThrownBy(() -> RasterImage.of(1, 1, 2, new byte[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected positive sizes and 1 or 3 channels");
    }

    @Test
    void rejectsSampleOutside() {
        RasterImage image = RasterImage.of(2, 1, 1, new byte[2]);

        assertThatThrownBy(() -> image.sample(0, 1, 0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("(0, 1, 0) of 2 x 1 grey image");
    }
}
