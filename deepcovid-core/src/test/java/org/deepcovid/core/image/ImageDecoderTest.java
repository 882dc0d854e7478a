package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.deepcovid.testing.Failures.assertFails;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageTypeSpecifier;
import org.assertj.core.data.Offset;
import org.deepcovid.testing.OtherJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

    private static final String NAME = "picture";
    private static final int WIDTH = 31;
    private static final int HEIGHT = 23;
    private static final BufferedImage GREY =
            TestImages.picture(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    private static final BufferedImage RGB =
            TestImages.picture(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);

    @TempDir Path folder;

    private static RasterImage decode(byte[] bytes) {
        return ImageDecoder.decode(NAME, bytes);
    }

    private static RasterImage roundTrip(String format, BufferedImage image) {
        return decode(TestImages.encode(format, image));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void losslessFormatsKeepGreyAndColourSamples(String format) {
        assertThat(roundTrip(format, GREY)).isEqualTo(TestImages.samplesOf(GREY, 1));
        assertThat(roundTrip(format, RGB)).isEqualTo(TestImages.samplesOf(RGB, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "tiff"})
    void sixteenBitsAreRoundedToEight(String format) {
        BufferedImage image = TestImages.grey16(WIDTH, HEIGHT);
        Raster samples = image.getRaster();
        assertThat(roundTrip(format, image))
                .isEqualTo(
                        TestImages.grey(
                                WIDTH,
                                HEIGHT,
                                (x, y) -> (int) Math.round(samples.getSample(x, y, 0) / 257.0)));
    }

    @ParameterizedTest
    @CsvSource({"png, 8", "png, 10", "png, 12", "png, 14", "tiff, 10", "tiff, 12", "tiff, 14"})
    void fewerBitsInSixteenAreRecognised(String format, int bits) {
        RasterImage expected = TestImages.grey(64, 64, (x, y) -> 4 * x + y / 16);
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < 64 * 64; i++) {
            int level = expected.sample(i % 64, i / 64, 0) * ((1 << bits) - 1) / 255;
            image.getRaster().setSample(i % 64, i / 64, 0, level);
        }

        RasterImage decoded = roundTrip(format, image);

        assertThat(TestImages.meanDifference(decoded, expected)).isLessThan(0.5);
        assertThat(decoded.remarks())
                .containsExactly(
                        "its 16-bit samples fit into %d bits and are read as such".formatted(bits));
        assertThat(Radiograph.of(image).decode()).isEqualTo(decoded);
    }

    @Test
    void declaredBitsAreUsedUnlessSamplesAreLarger() {
        byte[] png = TestImages.encode("png", TestImages.grey16(WIDTH, HEIGHT));
        BufferedImage dark = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        dark.getRaster().setPixels(0, 0, 2, 1, new int[] {0, 1000});
        byte[] darkPng = TestImages.encode("png", dark);

        assertThat(decode(TestImages.withPngChunk(png, "sBIT", new byte[] {12})))
                .isEqualTo(decode(png));
        for (int bits : List.of(11, 13, 16)) {
            RasterImage declared =
                    decode(TestImages.withPngChunk(darkPng, "sBIT", new byte[] {(byte) bits}));
            assertThat(declared.sample(1, 0, 0))
                    .isEqualTo(Math.round(1000 * 255f / ((1 << bits) - 1)));
            assertThat(declared.remarks()).isEmpty();
        }
    }

    @Test
    void alphaIsDroppedAndNotComposited() {
        BufferedImage rgba = TestImages.picture(WIDTH, HEIGHT, BufferedImage.TYPE_4BYTE_ABGR);
        BufferedImage greyAlpha = TestImages.greyWithAlpha(WIDTH, HEIGHT);

        assertThat(roundTrip("png", rgba)).isEqualTo(TestImages.samplesOf(rgba, 3));
        assertThat(roundTrip("png", greyAlpha)).isEqualTo(TestImages.samplesOf(greyAlpha, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp"})
    void palettesAreLookedUp(String format) {
        byte[] reds = new byte[64];
        byte[] greens = new byte[64];
        byte[] blues = new byte[64];
        new Random(2).nextBytes(reds);
        new Random(3).nextBytes(greens);
        new Random(4).nextBytes(blues);
        IndexColorModel palette = new IndexColorModel(8, 64, reds, greens, blues);
        for (int height : List.of(1, 2, 3, 9, 40)) {
            BufferedImage image =
                    new BufferedImage(7, height, BufferedImage.TYPE_BYTE_INDEXED, palette);
            TestImages.fill(image);
            byte[] expected = new byte[7 * height * 3];
            for (int i = 0; i < 7 * height; i++) {
                int colour = image.getRGB(i % 7, i / 7);
                expected[3 * i] = (byte) (colour >> 16);
                expected[3 * i + 1] = (byte) (colour >> 8);
                expected[3 * i + 2] = (byte) colour;
            }
            assertThat(roundTrip(format, image)).isEqualTo(RasterImage.of(7, height, 3, expected));
        }
    }

    @Test
    void tiffPaletteKeepsItsUpperBytes() {
        byte[] level = {0, 100, (byte) 200, (byte) 255};
        IndexColorModel palette = new IndexColorModel(8, 4, level, level, level);
        BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
        image.getRaster().setPixels(0, 0, 4, 1, new int[] {0, 1, 2, 3});

        RasterImage decoded = roundTrip("tiff", image);

        assertThat(decoded.channels()).isEqualTo(1);
        assertThat(decoded.toBytes()).containsExactly(level);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void oneBitBecomesBlackAndWhite(String format) {
        BufferedImage image = new BufferedImage(9, 2, BufferedImage.TYPE_BYTE_BINARY);
        image.getRaster().setSample(8, 1, 0, 1);
        assertThat(roundTrip(format, image))
                .isEqualTo(TestImages.grey(9, 2, (x, y) -> x == 8 && y == 1 ? 255 : 0));
    }

    @Test
    void tiffThatStoresInkIsInverted() {
        byte[] tiff = TestImages.encode("tiff", GREY);
        for (int i = 0; i < tiff.length - 12; i++) { // entry: tag 262, type 3, count 1, value 1
            if (Arrays.equals(tiff, i, i + 10, new byte[] {1, 6, 0, 3, 0, 0, 0, 1, 0, 1}, 0, 10)) {
                tiff[i + 9] = 0;
            }
        }
        Raster samples = GREY.getRaster();
        assertThat(decode(tiff))
                .isEqualTo(
                        TestImages.grey(WIDTH, HEIGHT, (x, y) -> 255 - samples.getSample(x, y, 0)));
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "5, 3"}) // TYPE_BYTE_GRAY, TYPE_3BYTE_BGR
    void jpegIsCloseToOriginal(int type, int channels) {
        BufferedImage image = new BufferedImage(64, 64, type);
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                image.getRaster().setPixel(x, y, new int[] {60 + 2 * x, 200 - y, 30 + x + y});
            }
        }
        RasterImage decoded = roundTrip("jpg", image);
        assertThat(decoded.channels()).isEqualTo(channels);
        assertThat(TestImages.meanDifference(decoded, TestImages.samplesOf(image, channels)))
                .isLessThan(2);
    }

    @Test
    void jpegWithoutMarkersIsLumaChromaUnlessItsComponentsAreNamedRgb() throws IOException {
        byte[] unnamed = flatJpeg(100, 128, 168);
        byte[] named = unnamed.clone();
        renameComponents(named, 0xC0, 10, 3);
        renameComponents(named, 0xDA, 5, 2);

        RasterImage asLumaChroma = decode(unnamed);
        RasterImage asRgb = decode(named);

        assertThat(asRgb.sample(5, 5, 0)).isCloseTo(100, within2());
        assertThat(asRgb.sample(5, 5, 2)).isCloseTo(168, within2());
        assertThat(asLumaChroma.sample(5, 5, 0)).isCloseTo(100 + 56, within2()); // 1.402 * 40
        assertThat(asLumaChroma.sample(5, 5, 1)).isCloseTo(100 - 29, within2()); // 0.714 * 40
        assertThat(asLumaChroma.sample(5, 5, 2)).isCloseTo(100, within2());
    }

    private static Offset<Integer> within2() {
        return Offset.offset(2);
    }

    /** One colour, without a JFIF or Adobe segment. */
    private static byte[] flatJpeg(int... colour) throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(0, 16, 16, colour.length, null);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, colour);
        }
        return TestImages.encodeJpeg(raster);
    }

    private static void renameComponents(byte[] jpeg, int marker, int first, int step) {
        for (int i = 0; i < jpeg.length - 1; i++) {
            if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == marker) {
                jpeg[i + first] = 'R';
                jpeg[i + first + step] = 'G';
                jpeg[i + first + 2 * step] = 'B';
                return;
            }
        }
        throw new IllegalStateException("no such marker");
    }

    @Test
    void cmykBecomesRgb() throws IOException {
        RasterImage decoded = decode(flatJpeg(255, 100, 50, 128));
        assertThat(decoded.sample(8, 8, 0)).isCloseTo(128, within2());
        assertThat(decoded.sample(8, 8, 1)).isCloseTo(100 * 128 / 255, within2());
        assertThat(decoded.sample(8, 8, 2)).isCloseTo(50 * 128 / 255, within2());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void exifOrientationIsApplied(int orientation) {
        byte[] png = TestImages.encode("png", GREY);
        byte[] jpeg = TestImages.encode("jpg", GREY);
        RasterImage upright =
                decode(TestImages.withPngChunk(png, "eXIf", TestImages.exif(orientation)));

        assertThat(upright).isEqualTo(turned(decode(png), orientation));
        assertThat(decode(TestImages.withExif(jpeg, orientation)))
                .isEqualTo(turned(decode(jpeg), orientation));
    }

    /** Defined by the position of the first stored row and column, as in the EXIF standard. */
    private static RasterImage turned(RasterImage stored, int orientation) {
        boolean rowsAreColumns = orientation > 4;
        boolean rowsFromFarEnd = List.of(3, 4, 6, 7).contains(orientation);
        boolean columnsFromFarEnd = List.of(2, 3, 7, 8).contains(orientation);
        int width = rowsAreColumns ? stored.height() : stored.width();
        int height = rowsAreColumns ? stored.width() : stored.height();
        byte[] samples = new byte[width * height];
        for (int row = 0; row < stored.height(); row++) {
            for (int column = 0; column < stored.width(); column++) {
                int along = rowsFromFarEnd ? stored.height() - 1 - row : row;
                int across = columnsFromFarEnd ? stored.width() - 1 - column : column;
                int x = rowsAreColumns ? along : across;
                int y = rowsAreColumns ? across : along;
                samples[y * width + x] = (byte) stored.sample(column, row, 0);
            }
        }
        return RasterImage.of(width, height, 1, samples);
    }

    @Test
    void damagedExifAndGammaLeaveTheImageAsStored() {
        byte[] png = TestImages.encode("png", GREY);
        Map<String, byte[]> chunks =
                Map.of("eXIf", TestImages.exif(9), "gAMA", new byte[] {0, 0, 0x27, 0x10}); // 0.1
        chunks.forEach(
                (type, content) ->
                        assertThat(decode(TestImages.withPngChunk(png, type, content)))
                                .isEqualTo(decode(png)));
        assertThat(decode(TestImages.withPngChunk(png, "eXIf", new byte[] {1, 2, 3})))
                .isEqualTo(decode(png));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "tiff"})
    void trailingBytesAreIgnored(String format) {
        byte[] bytes = TestImages.encode(format, GREY);

        assertThat(decode(TestImages.withTrailingBytes(bytes))).isEqualTo(decode(bytes));
    }

    @Test
    void formatIsRecognisedByContentNotByName() throws IOException {
        Path file = folder.resolve("really-a-png.jpg");
        Files.write(file, TestImages.encode("png", GREY));

        assertThat(ImageDecoder.decode(file)).isEqualTo(TestImages.samplesOf(GREY, 1));
    }

    private static void assertRejected(byte[] bytes, String reason) {
        assertThat(catchThrowableOfType(UnreadableImageException.class, () -> decode(bytes)))
                .returns(NAME, UnreadableImageException::id)
                .hasMessageContaining("cannot read image picture: ")
                .hasMessageContaining(reason);
    }

    @Test
    void namesKindOfFileFound() {
        assertRejected(
                new byte[0],
                "it is empty (0 bytes); expected a PNG, JPEG, BMP, TIFF or DICOM image");
        assertRejected(ascii("<html>not found</html>"), "it is text, not an image");
        assertRejected(ascii("%PDF-1.7"), "it is a PDF document");
        assertRejected(ascii("RIFF....WEBPVP8 "), "it is a WebP image");
        assertRejected(
                TestImages.encode("gif", GREY),
                "it is a GIF image; expected a PNG, JPEG, BMP, TIFF or DICOM image (convert it to"
                        + " PNG)");
        assertRejected(ascii("....ftypheic\0"), "it is a HEIF or AVIF image");
        assertRejected(new byte[64], "it is of an unknown kind");
        byte[] dicom = new byte[200];
        System.arraycopy(ascii("DICM"), 0, dicom, 128, 4);
        assertRejected(
                dicom,
                "it is truncated or damaged: the next element needs 2 bytes, and 0 are left");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void rejectsDamagedHeadersAndChecksums() {
        byte[] wrongSum = TestImages.encode("png", GREY);
        wrongSum[wrongSum.length - 20] ^= 1;
        assertRejected(wrongSum, "the checksum (CRC) of its IDAT chunk");

        byte[] huge = Arrays.copyOf(TestImages.encode("png", GREY), 33);
        huge[16] = 0x7F;
        huge[20] = 0x7F;
        assertRejected(huge, "pixels; expected at most 100 megapixels"); // before allocation

        byte[] empty = TestImages.encode("bmp", GREY);
        Arrays.fill(empty, 18, 22, (byte) 0);
        assertRejected(empty, "its header says 0 x 23 pixels; expected positive sizes");
    }

    @Test
    void limitOfMegapixelsIsAProperty() {
        BufferedImage image = new BufferedImage(1025, 1024, BufferedImage.TYPE_BYTE_GRAY);
        byte[] png = TestImages.encode("png", image);
        try {
            System.setProperty(ImageDecoder.MAX_MEGAPIXELS, "1");
            assertRejected(
                    png,
                    "its header says 1025 x 1024 pixels; expected at most 1 megapixels (reduce the"
                            + " image, or allow more: --max-megapixels");
            System.setProperty(ImageDecoder.MAX_MEGAPIXELS, "2");
            assertThat(decode(png).width()).isEqualTo(1025);
            System.setProperty(ImageDecoder.MAX_MEGAPIXELS, "many");
            assertFails(
                    IllegalStateException.class,
                    () -> decode(png),
                    "'many'; expected a number from 1 to 700");
        } finally {
            System.clearProperty(ImageDecoder.MAX_MEGAPIXELS);
        }
    }

    /** Decodes files, several at a time. */
    static final class SmallMemory {

        private SmallMemory() {}

        public static void main(String[] files) {
            Arrays.stream(files)
                    .parallel()
                    .map(SmallMemory::result)
                    .toList()
                    .forEach(System.out::println);
        }

        private static String result(String file) {
            try {
                return ImageDecoder.decode(Path.of(file)).toString();
            } catch (UnreadableImageException e) {
                return e.reason();
            }
        }
    }

    @Test
    void imageThatDoesNotFitIntoMemoryIsNamedAndTheOthersAreDecoded() throws Exception {
        Path small = folder.resolve("small.png");
        Files.write(small, TestImages.encode("png", GREY));
        Path large = folder.resolve("large.png");
        BufferedImage picture = new BufferedImage(9000, 9000, BufferedImage.TYPE_BYTE_BINARY);
        Files.write(large, TestImages.encode("png", picture));

        List<String> lines =
                OtherJvm.run(
                                SmallMemory.class,
                                List.of("-Xmx64m"),
                                small,
                                large,
                                small,
                                large,
                                small)
                        .output()
                        .lines()
                        .toList();

        String fits = "31 x 23 grey image";
        assertThat(lines).hasSize(5).element(0).isEqualTo(fits);
        assertThat(lines.get(1))
                .matches("it does not fit into Java's memory of 6\\d MB; .*-Xmx8g.*")
                .isEqualTo(lines.get(3));
        assertThat(lines.get(2)).isEqualTo(fits).isEqualTo(lines.get(4));
    }

    @Test
    void rejectsFloatingPointTiff() {
        BufferedImage image =
                ImageTypeSpecifier.createBanded(
                                ColorSpace.getInstance(ColorSpace.CS_GRAY),
                                new int[] {0},
                                new int[] {0},
                                DataBuffer.TYPE_FLOAT,
                                false,
                                false)
                        .createBufferedImage(4, 4);

        assertRejected(TestImages.encode("tiff", image), "floating-point samples");
    }

    @Test
    void rejectsFolderAndMissingFile() {
        Path gone = folder.resolve("gone.png");
        assertFails(UnreadableImageException.class, () -> ImageDecoder.decode(folder));
        assertFails(
                UnreadableImageException.class,
                () -> ImageDecoder.decode(gone),
                "gone.png: there is no such file");
    }
}
