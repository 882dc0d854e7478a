package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files cause the documented exception, or decode to the whole image. */
class DamagedFilesTest {

    private static final String NAME = "damaged";

    private static Optional<RasterImage> decode(byte[] bytes) {
        try {
            return Optional.of(ImageDecoder.decode(NAME, bytes));
        } catch (UnreadableImageException e) {
            assertThat(e.reason()).isNotBlank();
            return Optional.empty();
        }
    }

    private static byte[] file(String format, int type) {
        return TestImages.encode(format, TestImages.picture(67, 45, type));
    }

    @ParameterizedTest
    @CsvSource({"png, 10", "png, 5", "png, 11", "jpg, 10", "jpg, 5", "bmp, 10", "tiff, 5"})
    void truncatedFilesAreRejectedUnlessNothingIsLost(String format, int type) {
        byte[] whole = file(format, type);
        RasterImage expected = decode(whole).orElseThrow();
        int rejected = 0;
        for (int length = 0; length < whole.length; length += 1 + whole.length / 400) {
            Optional<RasterImage> decoded = decode(Arrays.copyOf(whole, length));
            decoded.ifPresent(image -> assertThat(image).isEqualTo(expected));
            rejected += decoded.isEmpty() ? 1 : 0;
        }
        assertThat(rejected).isGreaterThan(250);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "tiff"})
    void changedBytesNeverCrash(String format) {
        byte[] whole = file(format, BufferedImage.TYPE_BYTE_GRAY);
        Random random = new Random(8);
        int rejected = 0;
        for (int round = 0; round < 600; round++) {
            byte[] damaged = whole.clone();
            int reach = round % 2 == 0 ? damaged.length : Math.min(damaged.length, 120);
            for (int i = 0; i <= round % 3; i++) {
                damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            rejected += decode(damaged).isEmpty() ? 1 : 0;
        }
        assertThat(rejected).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "tiff"})
    void noiseAfterSignatureNeverCrashes(String format) {
        byte[] whole = file(format, BufferedImage.TYPE_BYTE_GRAY);
        Random random = new Random(9);
        for (int round = 0; round < 300; round++) {
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            System.arraycopy(whole, 0, noise, 0, Math.min(noise.length, 4 + round % 40));
            decode(noise);
        }
        assertThat(decode(whole)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR})
    void jpegWithMissingDataBeforeItsEndMarkerIsRejected(int type) {
        byte[] whole = file("jpg", type);
        byte[] holed = Arrays.copyOf(whole, whole.length - whole.length / 3);
        holed[holed.length - 2] = (byte) 0xFF;
        holed[holed.length - 1] = (byte) 0xD9;

        assertThat(decode(holed)).isEmpty();
    }
}
