package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/** Decoding straight into the network's square, against decoding in full and resizing then. */
class SquareDecodingTest {

    private static final Path NAME = Path.of("image");
    private static final Preprocessing TO_32 = new Preprocessing(32, Normalization.TORCH);

    private static RasterImage inFull(byte[] bytes) {
        return TO_32.resizeAndCrop(ImageDecoder.decode(NAME, bytes));
    }

    private static Optional<RasterImage> direct(byte[] bytes) throws IOException {
        return FileKind.of(bytes).format().decodeSquare(bytes, TO_32);
    }

    private static int largestDifference(RasterImage a, RasterImage b) {
        assertThat(a.width()).isEqualTo(b.width());
        assertThat(a.height()).isEqualTo(b.height());
        assertThat(a.channels()).isEqualTo(b.channels());
        int largest = 0;
        for (int i = 0; i < a.samples().length; i++) {
            int difference = (a.samples()[i] & 0xFF) - (b.samples()[i] & 0xFF);
            largest = Math.max(largest, Math.abs(difference));
        }
        return largest;
    }

    private static double meanDifference(RasterImage a, RasterImage b) {
        double sum = 0;
        for (int i = 0; i < a.samples().length; i++) {
            sum += Math.abs((a.samples()[i] & 0xFF) - (b.samples()[i] & 0xFF));
        }
        return sum / a.samples().length;
    }

    @ParameterizedTest
    @CsvSource({
        "96, 96, 0.75, 0",
        "131, 97, 0.9, 0",
        "97, 203, 0.5, 5",
        "500, 131, 1, 1",
        "256, 256, 0.2, 7",
        "801, 640, 0.95, 100",
        "333, 1001, 0.05, 0"
    })
    void largeGreyJpegNeedsNoPixels(int width, int height, float quality, int restartInterval)
            throws IOException {
        BufferedImage picture = TestImages.picture(width, height, BufferedImage.TYPE_BYTE_GRAY);
        byte[] file = TestImages.encodeJpeg(picture, quality, restartInterval);

        RasterImage square = direct(file).orElseThrow();

        assertThat(largestDifference(square, inFull(file))).isLessThanOrEqualTo(2);
        assertThat(meanDifference(square, inFull(file))).isLessThan(0.5);
        assertThat(ImageDecoder.decodeSquare(NAME, file, TO_32)).isEqualTo(square);
    }

    /** Coarse coefficients of hard edges overshoot, and a decoder cuts that off. */
    @ParameterizedTest
    @ValueSource(floats = {0.05f, 0.3f, 0.8f})
    void blackAndWhiteIsLimitedAsByADecoder(float quality) throws IOException {
        BufferedImage picture = new BufferedImage(300, 200, BufferedImage.TYPE_BYTE_GRAY);
        SplittableRandom random = new SplittableRandom(4);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        for (int i = 0; i < 400; i++) {
            graphics.fillRect(random.nextInt(300), random.nextInt(200), 1 + i % 5, 1 + i % 3);
        }
        graphics.dispose();
        byte[] file = TestImages.encodeJpeg(picture, quality, 0);

        assertThat(largestDifference(direct(file).orElseThrow(), inFull(file)))
                .isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 77, 128, 254, 255})
    void uniformGreyIsExact(int grey) throws IOException {
        BufferedImage picture = new BufferedImage(110, 130, BufferedImage.TYPE_BYTE_GRAY);
        byte[] level = new byte[110 * 130];
        Arrays.fill(level, (byte) grey);
        picture.getRaster().setDataElements(0, 0, 110, 130, level);
        byte[] file = TestImages.encodeJpeg(picture, 1, 0);

        assertThat(direct(file)).contains(inFull(file));
    }

    @ParameterizedTest
    @CsvSource({"128, 128, 0", "203, 131, 3"})
    void greyJpegOfThreeComponentsKeepsThreeChannels(int width, int height, int restartInterval)
            throws IOException {
        BufferedImage grey = TestImages.picture(width, height, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage colour = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                colour.setRGB(x, y, 0x10101 * grey.getRaster().getSample(x, y, 0));
            }
        }
        byte[] file = TestImages.encodeJpeg(colour, 0.8f, restartInterval);

        RasterImage square = direct(file).orElseThrow();

        assertThat(square.channels()).isEqualTo(3);
        assertThat(largestDifference(square, inFull(file))).isLessThanOrEqualTo(2);
    }

    @Test
    void otherJpegIsDecodedInFull() throws IOException {
        BufferedImage grey = TestImages.picture(200, 150, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage small = TestImages.picture(95, 150, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage colour = TestImages.picture(200, 150, BufferedImage.TYPE_INT_RGB);
        for (byte[] file :
                new byte[][] {
                    TestImages.encodeProgressive("jpeg", grey),
                    TestImages.encodeJpeg(small, 0.8f, 0),
                    TestImages.encodeJpeg(colour, 0.8f, 0),
                    TestImages.encodeJpeg(colour.getRaster()),
                    TestImages.withExif(TestImages.encodeJpeg(grey, 0.8f, 0), 6)
                }) {
            assertThat(direct(file)).isEmpty();
            assertThat(ImageDecoder.decodeSquare(NAME, file, TO_32)).isEqualTo(inFull(file));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "jpg")
    void allocatesFarLessThanTheImage(String format) throws IOException {
        BufferedImage picture = TestImages.picture(2400, 2000, BufferedImage.TYPE_BYTE_GRAY);
        byte[] file =
                format.equals("png")
                        ? TestImages.encodePng(picture, 1)
                        : TestImages.encodeJpeg(picture, 0.8f, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Preprocessing preprocessing = new Preprocessing(224, Normalization.TORCH);
        preprocessing.load(NAME, file); // loads classes
        long before = threads.getCurrentThreadAllocatedBytes();

        preprocessing.load(NAME, file);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2400 * 2000 / 4);
    }

    private static Optional<RasterImage> loaded(byte[] bytes) {
        try {
            return Optional.of(ImageDecoder.decodeSquare(NAME, bytes, TO_32));
        } catch (UnreadableImageException e) {
            return Optional.empty();
        }
    }

    private static Optional<RasterImage> loadedInFull(byte[] bytes) {
        try {
            return Optional.of(inFull(bytes));
        } catch (UnreadableImageException e) {
            return Optional.empty();
        }
    }

    private static byte[] file(String format) throws IOException {
        BufferedImage picture = TestImages.picture(131, 99, BufferedImage.TYPE_BYTE_GRAY);
        return format.equals("png")
                ? TestImages.encodePng(picture, 5)
                : TestImages.encodeJpeg(picture, 0.7f, 9);
    }

    @ParameterizedTest
    @ValueSource(strings = "jpg")
    void truncatedFileIsRefusedAsInFull(String format) throws IOException {
        byte[] whole = file(format);
        for (int length = 0; length < whole.length; length += 1 + whole.length / 300) {
            assertThat(loaded(Arrays.copyOf(whole, length))).isEmpty();
        }
        assertThat(loaded(TestImages.withTrailingBytes(whole))).isEqualTo(loaded(whole));
    }

    @ParameterizedTest
    @ValueSource(strings = "jpg")
    void damagedFileIsJudgedAsInFull(String format) throws IOException {
        byte[] whole = file(format);
        Random random = new Random(8);
        int refused = 0;
        int read = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] damaged = whole.clone();
            int reach = round % 2 == 0 ? damaged.length : Math.min(damaged.length, 700);
            for (int i = 0; i <= round % 3; i++) {
                damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            Optional<RasterImage> expected = loadedInFull(damaged);
            Optional<RasterImage> actual = loaded(damaged);
            assertThat(actual.isPresent()).isEqualTo(expected.isPresent());
            refused += actual.isEmpty() ? 1 : 0;
            if (actual.isPresent()) {
                read++;
                assertThat(largestDifference(actual.get(), expected.get())).isLessThanOrEqualTo(2);
            }
        }
        assertThat(refused).isPositive();
        assertThat(format.equals("png") || read > 50).isTrue();
    }
}
