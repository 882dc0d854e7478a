package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.deepcovid.core.io.IfExists;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngWriterTest {

    @TempDir Path folder;

    private static RasterImage random(int width, int height, int channels) {
        byte[] samples = new byte[width * height * channels];
        new Random(5).nextBytes(samples);
        for (int i = 0; i < samples.length / 2; i++) {
            samples[i] = (byte) (i / 7); // a smooth half, so that every filter is chosen somewhere
        }
        return RasterImage.of(width, height, channels, samples);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void writesFilesThatDecodeToTheSameImage(int channels) {
        RasterImage image = random(37, 21, channels);
        Path file = folder.resolve("image.png");

        PngWriter.write(image, Map.of(), file, IfExists.FAIL);

        assertThat(ImageDecoder.decode(file)).isEqualTo(image);
    }

    @Test
    void keepsTextsForOtherReaders() throws IOException {
        byte[] png = PngWriter.encode(random(8, 8, 1), Map.of("Description", "not real \u00e9"));

        assertThat(texts(png)).isEqualTo("Description=not real \u00e9");
    }

    private static String texts(byte[] png) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(png))) {
            reader.setInput(in);
            IIOMetadata metadata = reader.getImageMetadata(0);
            IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree("javax_imageio_png_1.0");
            IIOMetadataNode entry =
                    (IIOMetadataNode) root.getElementsByTagName("tEXtEntry").item(0);
            return entry.getAttribute("keyword") + "=" + entry.getAttribute("value");
        } finally {
            reader.dispose();
        }
    }

    @Test
    void givesTheSameBytesForTheSameImage() {
        RasterImage image = random(40, 40, 3);

        assertThat(PngWriter.encode(image, Map.of("a", "b")))
                .isEqualTo(PngWriter.encode(image, Map.of("a", "b")));
    }

    @Test
    void rejectsTextsThatPngCannotHold() {
        RasterImage image = random(4, 4, 1);

        for (Map<String, String> texts :
                List.of(
                        Map.of("", "x"),
                        Map.of("k".repeat(80), "x"),
                        Map.of("k", "\u4e2d"),
                        Map.of("k", "a\0b"))) {
            assertThatThrownBy(() -> PngWriter.encode(image, texts))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected Latin-1");
        }
    }

    @Test
    void leavesAnExistingFileAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("taken.png"), "mine");

        assertThatThrownBy(() -> PngWriter.write(random(4, 4, 1), Map.of(), file, IfExists.FAIL))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("mine");
    }
}
