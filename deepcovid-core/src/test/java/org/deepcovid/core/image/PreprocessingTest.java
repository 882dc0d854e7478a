package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingTest {

    /** Grey levels {@code (37 x + 91 y) % 256} on 7 x 5 pixels. */
    private static final RasterImage PATTERN = pattern(7, 5, 37, 91);

    private static RasterImage pattern(int width, int height, int stepX, int stepY) {
        return TestImages.grey(width, height, (x, y) -> x * stepX + y * stepY);
    }

    private static int[] resized(RasterImage image, int size) {
        RasterImage result = new Preprocessing(size, Normalization.TORCH).resizeAndCrop(image);
        assertThat(result.width()).isEqualTo(size);
        assertThat(result.height()).isEqualTo(size);
        int[] samples = new int[size * size];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = result.sample(i % size, i / size, 0);
        }
        return samples;
    }

    // Expected numbers: Image.fromarray(a).resize((int(size * 7 / 5), size), Image.BILINEAR),
    // then crop from int(round((width - size) / 2)), Pillow 9.4; the tall one: resize((2, 6)), rows
    // 2, 3.

    @Test
    void reducesLikePillow() {
        assertThat(resized(PATTERN, 3)).containsExactly(58, 116, 162, 137, 88, 117, 88, 146, 109);
    }

    @Test
    void enlargesLikePillow() {
        assertThat(resized(PATTERN, 8))
                .containsExactly(
                        40, 64, 87, 111, 135, 158, 182, 205, 80, 104, 127, 151, 175, 167, 120, 133,
                        135, 149, 168, 192, 216, 173, 44, 46, 178, 90, 65, 89, 113, 114, 87, 103,
                        155, 67, 41, 65, 89, 112, 136, 159, 66, 80, 98, 122, 146, 169, 193, 216,
                        108, 132, 155, 179, 112, 82, 106, 129, 148, 172, 195, 219, 80, 10, 34, 57);
    }

    @Test
    void cropsCentreOfTallImageLikePillow() {
        assertThat(resized(pattern(3, 9, 53, 17), 2)).containsExactly(75, 141, 101, 167);
    }

    @Test
    void halfPixelsOfCropOffsetRoundToEven() {
        // columns 0 to 6 at their own size: offset 0.5 becomes 0, offset 1.5 becomes 2
        assertThat(resized(pattern(5, 4, 1, 0), 4)).startsWith(0, 1, 2, 3);
        assertThat(resized(pattern(7, 4, 1, 0), 4)).startsWith(2, 3, 4, 5);
    }

    @Test
    void leavesImageOfTheInputSizeUnchanged() {
        RasterImage square = pattern(6, 6, 11, 29);

        assertThat(new Preprocessing(6, Normalization.CAFFE).resizeAndCrop(square))
                .isEqualTo(square);
    }

    @Test
    void resizesColoursLikeThreeGreyImages() {
        RasterImage[] planes = {
            PATTERN, pattern(7, 5, 200, 3), pattern(7, 5, 77, 131),
        };
        byte[] interleaved = new byte[7 * 5 * 3];
        for (int i = 0; i < interleaved.length; i++) {
            interleaved[i] = planes[i % 3].toBytes()[i / 3];
        }
        Preprocessing preprocessing = new Preprocessing(3, Normalization.TORCH);

        RasterImage colour = preprocessing.resizeAndCrop(RasterImage.of(7, 5, 3, interleaved));

        for (int c = 0; c < 3; c++) {
            int channel = c;
            assertThat(preprocessing.resizeAndCrop(planes[c]))
                    .isEqualTo(TestImages.grey(3, 3, (x, y) -> colour.sample(x, y, channel)));
        }
    }

    @Test
    void resizesExtremelyLongImageWithinLittleMemory() {
        assertThat(resized(pattern(3_000_000, 1, 0, 0), 2)).containsOnly(0);
    }

    @Test
    void ordersPlanesAsDeclared() {
        RasterImage pixel = RasterImage.of(1, 1, 3, new byte[] {10, 20, 30});

        assertThat(new Preprocessing(1, Normalization.CAFFE).toTensor(pixel))
                .containsExactly(30 - 103.939f, 20 - 116.779f, 10 - 123.68f);
        assertThat(new Preprocessing(1, Normalization.TORCH).toTensor(pixel))
                .containsExactly(
                        (float) ((10 / 255.0 - 0.485) / 0.229),
                        (float) ((20 / 255.0 - 0.456) / 0.224),
                        (float) ((30 / 255.0 - 0.406) / 0.225));
    }

    @Test
    void repeatsGreyInAllPlanes() {
        RasterImage grey = RasterImage.of(2, 2, 1, new byte[] {0, 1, 2, (byte) 200});
        RasterImage colour =
                RasterImage.of(2, 2, 3, new byte[] {0, 0, 0, 1, 1, 1, 2, 2, 2, -56, -56, -56});
        Preprocessing preprocessing = new Preprocessing(2, Normalization.CAFFE);

        assertThat(preprocessing.toTensor(grey)).containsExactly(preprocessing.toTensor(colour));
        assertThat(preprocessing.toTensor(grey)[3]).isEqualTo(200 - 103.939f);
    }

    /** Heatmaps decode the whole image and then resize it; scoring loads files in batches. */
    @ParameterizedTest
    @CsvSource({
        "png, 10, 60",
        "png, 5, 400",
        "jpg, 10, 60",
        "jpg, 10, 400",
        "jpg, 5, 400",
        "bmp, 5, 400",
        "tiff, 10, 400"
    })
    void scoringSeesThePixelsThatHeatmapsSee(
            String format, int type, int side, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("radiograph." + format);
        Files.write(file, TestImages.encode(format, TestImages.picture(side, side + 9, type)));
        Preprocessing preprocessing = new Preprocessing(32, Normalization.TORCH);
        float[] ofHeatmap =
                preprocessing.toTensor(preprocessing.resizeAndCrop(ImageDecoder.decode(file)));

        assertThat(preprocessing.apply(Radiograph.of(file)))
                .hasSize(3 * 32 * 32)
                .containsExactly(ofHeatmap);
        FloatBuffer loaded = FloatBuffer.allocate(3 * 32 * 32);
        ImageRequest.plain("radiograph", Radiograph.of(file)).load(preprocessing, loaded);
        assertThat(loaded.array()).containsExactly(ofHeatmap);
    }

    @Test
    void rejectsWrongSizes() {
        assertRejects(() -> new Preprocessing(0, Normalization.TORCH), "inputSize is 0");
        assertRejects(
                () -> new Preprocessing(4, Normalization.TORCH).toTensor(PATTERN),
                "7 x 5 grey image; expected 4 x 4");
    }
}
