package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
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

    @ParameterizedTest
    @ValueSource(strings = {"PackBits", "LZW", "Deflate", "ZLib", "JPEG"})
    void tiffStripsThatYieldTooLittleAreRejected(String compression) throws IOException {
        BufferedImage picture = TestImages.picture(67, 45, BufferedImage.TYPE_BYTE_GRAY);
        byte[] whole = TestImages.encodeTiff(picture, compression);
        RasterImage decoded = decode(whole).orElseThrow();
        double tolerance = compression.equals("JPEG") ? 10 : 0;
        assertThat(TestImages.meanDifference(decoded, TestImages.samplesOf(picture, 1)))
                .isLessThanOrEqualTo(tolerance);

        byte[] shortened = whole.clone();
        ByteBuffer strips = ByteBuffer.wrap(shortened);
        int counts = TestImages.tiffValue(whole, 279);
        strips.putInt(counts, strips.getInt(counts) * 3 / 4);
        assertRejected(shortened, "TIFF strip 0 is damaged");

        int stripes = 0;
        int data = ByteBuffer.wrap(whole).getInt(TestImages.tiffValue(whole, 273));
        for (int at = data + 40; at < data + ByteBuffer.wrap(whole).getInt(counts) - 40; at += 9) {
            byte[] zeroed = whole.clone();
            Arrays.fill(zeroed, at, at + 40, (byte) 0);
            stripes += decode(zeroed).isEmpty() ? 1 : 0;
        }
        assertThat(stripes).isPositive();
    }

    private static void assertRejected(byte[] bytes, String reason) {
        assertThatThrownBy(() -> ImageDecoder.decode(NAME, bytes))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesThatRunsLeaveOutAreMissedInBmp(boolean whole) {
        ByteBuffer bmp = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put(new byte[] {'B', 'M'}).putInt(2, 100).putInt(10, 62).putInt(14, 40);
        bmp.putInt(18, 4).putInt(22, 2).putShort(26, (short) 1).putShort(28, (short) 8);
        bmp.putInt(30, 1).putInt(46, 2).putInt(54, 0x00102030).putInt(58, 0x00FFFFFF);
        bmp.position(62).put(new byte[] {4, 1, 0, 0, 0, 3, 0, 1, 1, 0, (byte) (whole ? 1 : 0), 0});
        bmp.put(new byte[] {0, 1});

        Optional<RasterImage> decoded = decode(bmp.array());

        assertThat(decoded.isPresent()).isEqualTo(whole);
        decoded.ifPresent(
                image -> {
                    assertThat(image.sample(0, 0, 2)).isEqualTo(0x30);
                    assertThat(image.sample(1, 0, 2)).isEqualTo(255);
                    assertThat(image.sample(3, 1, 0)).isEqualTo(255);
                });
    }

    /** Offsets of the markers of a JPEG file, up to the first scan and the end marker. */
    private static List<Integer> markers(byte[] jpeg) {
        List<Integer> offsets = new ArrayList<>();
        int at = 2;
        while ((jpeg[at + 1] & 0xFF) != 0xDA) {
            offsets.add(at);
            at += 2 + ByteBuffer.wrap(jpeg).getShort(at + 2);
        }
        offsets.add(at);
        offsets.add(jpeg.length - 2);
        return offsets;
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR})
    void fillAndStrayBytesBeforeJpegMarkersAreSkipped(int type) {
        byte[] whole = file("jpg", type);
        Optional<RasterImage> expected = decode(whole);
        for (int marker : markers(whole)) {
            for (byte[] extra :
                    List.of(
                            new byte[] {-1},
                            new byte[] {-1, -1, -1},
                            new byte[] {1, 2, 3},
                            new byte[50])) {
                if (marker == 2 && extra[0] != -1) {
                    continue; // would no longer look like a JPEG file
                }
                assertThat(decode(TestImages.insert(whole, marker, extra)))
                        .as("%d bytes before byte %d", extra.length, marker)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void jpegSegmentWithADamagedMarkerIsMissed() {
        byte[] whole = file("jpg", BufferedImage.TYPE_BYTE_GRAY);
        for (int marker : markers(whole)) {
            byte[] damaged = whole.clone();
            damaged[marker] = 0x7F;
            assertThat(decode(damaged)).as("byte %d", marker).isEmpty();
        }
    }

    @Test
    void progressiveJpegThatEndsBetweenScansIsRejected() throws IOException {
        byte[] whole =
                TestImages.encodeProgressive(
                        "jpg", TestImages.picture(67, 45, BufferedImage.TYPE_3BYTE_BGR));
        assertThat(decode(whole)).isPresent();
        for (int at = 2; at < whole.length - 2; at++) {
            if (whole[at] == (byte) 0xFF && whole[at + 1] == (byte) 0xDA) {
                byte[] cut = Arrays.copyOf(whole, at + 2);
                cut[at + 1] = (byte) 0xD9;
                assertThatThrownBy(() -> ImageDecoder.decode(NAME, cut))
                        .hasMessageContaining("of 64 coefficients");
            }
        }
    }
}
