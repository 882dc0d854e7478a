package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RadiographTest {

    private static final Preprocessing TO_224 = new Preprocessing(224, Normalization.TORCH);

    /**
     * Includes README's radiograph, whose grey samples {@code getRGB} would change by a gamma
     * curve.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "data/cxr-1k/test/covid/01E392EE-69F9-4E33-BFCE-E5C968654078.jpg",
                "data/formats/grey-8bit-1024.png",
                "data/formats/grey-16bit.png",
                "data/formats/palette.png",
                "data/formats/rgba-landscape.png",
                "data/formats/grey.bmp",
                "data/formats/grey-lzw.tif"
            })
    void everySourceGivesTheSameInputToTheLastBit(String name) throws IOException {
        Path file = SharedData.path(name);
        byte[] bytes = Files.readAllBytes(file);
        BufferedImage picture = ImageIO.read(file.toFile());
        float[] expected = TO_224.apply(Radiograph.of(file));

        assertThat(TO_224.apply(Radiograph.of(picture))).isEqualTo(expected);
        assertThat(TO_224.apply(Radiograph.of(bytes))).isEqualTo(expected);
        assertThat(TO_224.apply(Radiograph.of(new ByteArrayInputStream(bytes))))
                .isEqualTo(expected);
        assertThat(TO_224.apply(Radiograph.of(ImageDecoder.decode(file)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 3", "4, 3", "5, 3", "6, 3", "10, 1", "11, 1"}) // BufferedImage.TYPE_
    void usesSamplesAsStored(int type, int channels) throws IOException {
        BufferedImage picture = new BufferedImage(9, 7, type);
        boolean wide = type == BufferedImage.TYPE_USHORT_GRAY;
        for (int i = 0; i < 63; i++) {
            for (int band = 0; band < picture.getRaster().getNumBands(); band++) {
                int sample = band == 3 ? 255 : (i * 4 + band);
                picture.getRaster().setSample(i % 9, i / 9, band, wide ? sample * 257 : sample);
            }
        }

        RasterImage pixels = Radiograph.of(picture).decode();

        assertThat(pixels.channels()).isEqualTo(channels);
        for (int i = 0; i < 63; i++) {
            for (int c = 0; c < channels; c++) {
                assertThat(pixels.sample(i % 9, i / 9, c)).isEqualTo(i * 4 + c);
            }
        }
    }

    @Test
    void premultipliedAlphaIsUndone() {
        BufferedImage picture = new BufferedImage(64, 1, BufferedImage.TYPE_INT_ARGB_PRE);
        for (int x = 1; x < 64; x++) {
            picture.setRGB(x, 0, 0xFF000000 | 0x040404 * x);
        }
        picture.setRGB(0, 0, 0x80FF8000);

        assertThat(Radiograph.of(picture).decode().sample(0, 0, 0)).isEqualTo(255);
        assertThat(Radiograph.of(picture).decode().sample(0, 0, 1)).isBetween(126, 130);
    }

    @Test
    void rejectsOtherColours() {
        BufferedImage grey = TestImages.picture(3, 3, BufferedImage.TYPE_INT_RGB);
        BufferedImage xyz =
                new ColorConvertOp(ColorSpace.getInstance(ColorSpace.CS_CIEXYZ), null)
                        .filter(grey, null);

        assertThatThrownBy(() -> Radiograph.of(xyz))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither grey nor RGB");
    }

    @Test
    void isNotChangedByItsSources() {
        BufferedImage picture = TestImages.picture(25, 25, BufferedImage.TYPE_BYTE_GRAY);
        byte[] bytes = TestImages.encode("png", picture);
        Radiograph ofPicture = Radiograph.of(picture);
        Radiograph ofBytes = Radiograph.of(bytes);
        RasterImage before = ofPicture.decode();

        picture.getRaster().setSample(2, 2, 0, 77);
        bytes[60] ^= 1;

        assertThat(ofPicture.decode()).isEqualTo(before);
        assertThat(ofBytes.decode()).isEqualTo(before);
    }

    @Test
    void errorsNameTheImage(@TempDir Path folder) {
        assertThatThrownBy(() -> Radiograph.of(new byte[] {1, 2, 3}).decode())
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("image of 3 bytes");
        assertThatThrownBy(() -> Radiograph.of(new byte[3]).withId("study 7").decode())
                .hasMessageContaining("study 7");
        assertThatThrownBy(() -> Radiograph.of(folder.resolve("gone.png")).decode())
                .hasMessageContaining("gone.png: there is no such file");
    }

    /** The checksums of a dataset's image are those of what was decoded. */
    @Test
    void checksumsComeWithTheDecodedBytes(@TempDir Path folder) throws IOException {
        byte[] first = TestImages.encode("png", TestImages.grey16(24, 24));
        Path file = Files.write(folder.resolve("a.png"), first);
        Radiograph radiograph = Radiograph.of(file).withChecksum();
        RasterImage pixels = radiograph.decode();

        Files.delete(file);

        assertThat(radiograph.sha256()).isEqualTo(FileHashes.sha256(first));
        assertThat(radiograph.pixelsSha256())
                .isEqualTo(pixels.sha256())
                .isEqualTo(Radiograph.of(first).pixelsSha256());
    }

    @Test
    void equalsByFileOrContent() {
        BufferedImage picture = TestImages.picture(5, 5, BufferedImage.TYPE_BYTE_GRAY);
        byte[] bytes = TestImages.encode("png", picture);

        assertThat(Radiograph.of(Path.of("a.png")))
                .isEqualTo(Radiograph.of(Path.of("a.png")))
                .isNotEqualTo(Radiograph.of(Path.of("b.png")));
        assertThat(Radiograph.of(bytes)).isEqualTo(Radiograph.of(bytes.clone()));
        assertThat(Radiograph.of(picture)).isEqualTo(Radiograph.of(picture));
    }
}
