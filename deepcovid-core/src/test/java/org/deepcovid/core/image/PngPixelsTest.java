package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertFails;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PNG pixels, against the JDK's reader. */
class PngPixelsTest {

    private static final String NAME = "image.png";

    private static List<BufferedImage> pictures() {
        return List.of(
                TestImages.picture(67, 45, BufferedImage.TYPE_BYTE_GRAY),
                TestImages.picture(1, 1, BufferedImage.TYPE_BYTE_GRAY),
                TestImages.picture(3, 5, BufferedImage.TYPE_3BYTE_BGR),
                TestImages.picture(45, 67, BufferedImage.TYPE_3BYTE_BGR),
                TestImages.picture(90, 90, BufferedImage.TYPE_4BYTE_ABGR),
                TestImages.grey16(50, 77),
                TestImages.greyWithAlpha(64, 33));
    }

    private static RasterImage byJdk(byte[] png) throws IOException {
        return Samples.of(ImageIO.read(new ByteArrayInputStream(png)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void undoesEveryRowFilter(int filter) throws IOException {
        for (int width : new int[] {1, 3, 67}) {
            for (int bands = 1; bands <= 4; bands++) {
                for (int bits : new int[] {8, 16}) {
                    byte[] png = TestImages.randomPng(width, 45, bands, bits, filter);
                    assertThat(ImageDecoder.decode(NAME, png)).isEqualTo(byJdk(png));
                }
            }
        }
    }

    @Test
    void ordersThePassesOfInterlacedFiles() throws IOException {
        for (BufferedImage picture : pictures()) {
            byte[] png = TestImages.encodeProgressive("png", picture);

            assertThat(png[28]).isEqualTo((byte) 1); // the header's interlace method
            assertThat(ImageDecoder.decode(NAME, png)).isEqualTo(byJdk(png));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void unpacksPaletteIndices(int bits) throws IOException {
        byte[] reds = new byte[1 << bits];
        byte[] greens = new byte[1 << bits];
        for (int i = 0; i < reds.length; i++) {
            reds[i] = (byte) (i * 37);
            greens[i] = (byte) (255 - i);
        }
        IndexColorModel palette = new IndexColorModel(bits, reds.length, reds, greens, reds);
        int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
        for (int width : List.of(1, 7, 32)) {
            BufferedImage picture = new BufferedImage(width, 13, type, palette);
            TestImages.fill(picture);
            byte[] plain = TestImages.encode("png", picture);

            assertThat(ImageDecoder.decode(NAME, plain)).isEqualTo(byJdk(plain));
            assertThat(ImageDecoder.decode(NAME, TestImages.encodeProgressive("png", picture)))
                    .isEqualTo(byJdk(plain));
        }
    }

    @Test
    void rejectsIndexOutsideThePalette() {
        byte[] level = {0, 50, 100};
        IndexColorModel palette = new IndexColorModel(8, 3, level, level, level);
        BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
        picture.getRaster().setSample(1, 0, 0, 3);

        assertRejected(TestImages.encode("png", picture), "a pixel has colour 3 of 3");
    }

    /** The pixel data of these files is damaged although every chunk's own checksum is right. */
    @Test
    void rejectsDamagedPixelData() {
        byte[] png = TestImages.encode("png", pictures().get(0));
        int at = TestImages.indexOf(png, "IDAT");
        int length = ByteBuffer.wrap(png).getInt(at - 4);
        byte[] wrongSum = png.clone();
        wrongSum[at + 4 + length - 1] ^= 1;
        byte[] notZlib = png.clone();
        notZlib[at + 4] = 0;

        assertRejected(withChecksum(wrongSum, at, length), "pixel data is damaged");
        assertRejected(withChecksum(notZlib, at, length), "pixel data is damaged");
        byte[] shortened = Arrays.copyOf(png, at + 4 + length / 2 + 4);
        ByteBuffer.wrap(shortened).putInt(at - 4, length / 2);
        byte[] end = Arrays.copyOfRange(png, png.length - 12, png.length);
        assertRejected(
                TestImages.insert(withChecksum(shortened, at, length / 2), shortened.length, end),
                "its pixel data ends in row");
    }

    private static byte[] withChecksum(byte[] png, int at, int length) {
        CRC32 crc = new CRC32();
        crc.update(png, at, length + 4);
        ByteBuffer.wrap(png).putInt(at + 4 + length, (int) crc.getValue());
        return png;
    }

    @Test
    void rejectsUnknownHeaderValues() {
        byte[] png = TestImages.encode("png", pictures().get(0));

        assertRejected(withHeader(png, 24, 3), "colour type 0 with 3 bits");
        assertRejected(withHeader(png, 25, 5), "colour type 5 with 8 bits");
        assertRejected(withHeader(png, 25, 3), "no palette");
        assertRejected(withHeader(png, 28, 2), "interlace 2");
    }

    private static byte[] withHeader(byte[] png, int at, int value) {
        byte[] changed = png.clone();
        changed[at] = (byte) value;
        return withChecksum(changed, 12, 13);
    }

    private static void assertRejected(byte[] png, String reason) {
        assertFails(UnreadableImageException.class, () -> ImageDecoder.decode(NAME, png), reason);
    }
}
