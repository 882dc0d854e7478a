package org.deepcovid.core.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deepcovid.testing.DicomFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DicomImageTest {

    private static final JpegReader NO_JPEG =
            (jpeg, width, height, lumaChroma) -> {
                throw new IOException("no JPEG here");
            };
    private static final byte[] PIXELS = {0, 50, 100, (byte) 150, (byte) 200, (byte) 255};

    private static DicomFile grey() {
        return DicomFile.of(3, 2, PIXELS);
    }

    private static byte[] decode(byte[] file) throws IOException {
        try (DicomImage image = DicomImage.of(file)) {
            return image.decode(NO_JPEG);
        }
    }

    private static int[] levels(DicomFile file) throws IOException {
        byte[] bytes = decode(file.toBytes());
        int[] levels = new int[bytes.length];
        Arrays.setAll(levels, i -> bytes[i] & 0xFF);
        return levels;
    }

    @Test
    void allEncodingsOfADataSetGiveTheSameImage() throws IOException {
        for (String syntax :
                new String[] {
                    DicomFile.IMPLICIT, DicomFile.EXPLICIT, DicomFile.DEFLATED, DicomFile.BIG_ENDIAN
                }) {
            DicomFile file = grey().syntax(syntax);
            assertThat(decode(file.toBytes())).as(syntax).isEqualTo(PIXELS);
            DicomFile words = DicomFile.of(2, 2, 16, 0, 256, 0x8000, 0xFFFF).syntax(syntax);
            assertThat(levels(words)).as(syntax).containsExactly(0, 1, 128, 255);
        }
    }

    @Test
    void bytesInBigEndianWordsAreSwapped() throws IOException {
        DicomFile file =
                grey().syntax(DicomFile.BIG_ENDIAN)
                        .numbers(0x7FE00010, "OW", 50 << 8, 150 << 8 | 100, 255 << 8 | 200);

        assertThat(decode(file.toBytes())).isEqualTo(PIXELS);
    }

    @Test
    void preambleAndMetaHeaderMayBeMissing() throws IOException {
        byte[] file = grey().toBytes();
        byte[] withoutPreamble = Arrays.copyOfRange(file, 132, file.length);
        for (byte[] bytes :
                new byte[][] {
                    withoutPreamble, grey().dataSet(), grey().syntax(DicomFile.IMPLICIT).dataSet()
                }) {
            assertThat(DicomImage.isDicom(bytes) || bytes == withoutPreamble).isTrue();
            assertThat(decode(bytes)).isEqualTo(PIXELS);
        }
    }

    static Stream<UnaryOperator<DicomFile>> additions() {
        DicomFile inner =
                DicomFile.empty().text(0x00291002, "LO", "x").numbers(0x00280010, "US", 9);
        DicomFile nested = DicomFile.empty().sequence(0x00291003, inner);
        return Stream.of(
                file -> file.sequence(0x00081115, inner),
                file -> file.sequence(0x00081115, nested),
                file -> file.delimitedSequence(0x00081115, "SQ", nested),
                file -> file.delimitedSequence(0x00291001, "UN", inner),
                file -> file.sequence(0x00880200, DicomFile.of(9, 9, new byte[600000])),
                file ->
                        file.sequence(
                                0x00880200, grey().fragments(DicomFile.EXPLICIT, new byte[8])),
                file -> file.bytes(0x00291001, "UN", new byte[70000]),
                file -> file.bytes(0x00400555, "UT", new byte[300000]));
    }

    @ParameterizedTest
    @MethodSource("additions")
    void otherElementsAreSkipped(UnaryOperator<DicomFile> addition) throws IOException {
        for (String syntax : new String[] {DicomFile.EXPLICIT, DicomFile.IMPLICIT}) {
            assertThat(decode(addition.apply(grey().syntax(syntax)).toBytes())).isEqualTo(PIXELS);
        }
    }

    private static DicomFile twelveBits() {
        return DicomFile.of(2, 2, 12, 0, 1000, 3000, 4095);
    }

    private static DicomFile window(String center, String width, String function) {
        return twelveBits()
                .text(0x00281050, "DS", center)
                .text(0x00281051, "DS", width)
                .text(0x00281056, "CS", function);
    }

    private static DicomFile table(int first, int bits, int... entries) {
        return DicomFile.empty()
                .numbers(0x00283002, "US", entries.length, first, bits)
                .numbers(0x00283006, "OW", entries);
    }

    private static DicomFile rgb(String photometric, byte... pixels) {
        return DicomFile.of(2, 1, pixels)
                .text(0x00280004, "CS", photometric)
                .numbers(0x00280002, "US", 3)
                .numbers(0x00280006, "US", 0);
    }

    private static DicomFile palette() {
        DicomFile file =
                DicomFile.of(2, 1, new byte[] {5, 9}).text(0x00280004, "CS", "PALETTE COLOR");
        for (int c = 0; c < 3; c++) {
            file.numbers(0x00281101 + c, "US", 2, 5, 16)
                    .numbers(0x00281201 + c, "OW", 0x1111 * c, 0xFFFF);
        }
        return file;
    }

    static Stream<Arguments> greyLevels() {
        return Stream.of(
                arguments("full range", twelveBits(), new int[] {0, 62, 187, 255}),
                arguments(
                        "MONOCHROME1",
                        twelveBits().text(0x00280004, "CS", "MONOCHROME1"),
                        new int[] {255, 193, 68, 0}),
                arguments(
                        "bits above the high bit",
                        DicomFile.of(2, 2, 12, 0xF000, 0x1000 | 1000, 0xA000 | 3000, 0xFFFF),
                        new int[] {0, 62, 187, 255}),
                arguments(
                        "samples above the lowest bit",
                        DicomFile.of(2, 2, 12, 3, 16000, 48003, 65520)
                                .numbers(0x00280102, "US", 15),
                        new int[] {0, 62, 187, 255}),
                arguments(
                        "signed",
                        DicomFile.of(2, 2, 12, -2048, -1048, 952, 2047)
                                .numbers(0x00280103, "US", 1),
                        new int[] {0, 62, 187, 255}),
                // (x - 1999.5) / 2000 + 0.5
                arguments("LINEAR", window("2000", "2001", ""), new int[] {0, 0, 255, 255}),
                arguments(
                        "LINEAR", window("2000.5", "4001", "LINEAR"), new int[] {0, 64, 191, 255}),
                arguments(
                        "LINEAR of width 1", window("1000.5", "1", ""), new int[] {0, 0, 255, 255}),
                arguments(
                        "LINEAR_EXACT",
                        window("2000", "4000", "LINEAR_EXACT"),
                        new int[] {0, 64, 191, 255}),
                // 255 / (1 + exp(-4 (x - 2000) / 2000))
                arguments(
                        "SIGMOID", window("2000", "2000", "SIGMOID"), new int[] {5, 30, 225, 251}),
                arguments(
                        "first of two windows",
                        window("2000.5\\100", "4001\\50", ""),
                        new int[] {0, 64, 191, 255}),
                arguments(
                        "rescaled, then windowed",
                        window("200.5", "401", "")
                                .text(0x00281053, "DS", "-0.1")
                                .text(0x00281052, "DS", "400"),
                        new int[] {255, 191, 64, 0}),
                arguments(
                        "rescaled downwards, full range",
                        twelveBits().text(0x00281053, "DS", "-2").text(0x00281052, "DS", "5"),
                        new int[] {255, 193, 68, 0}),
                arguments(
                        "VOI LUT",
                        twelveBits().sequence(0x00283010, table(999, 8, 10, 20, 255)),
                        new int[] {10, 20, 255, 255}),
                arguments(
                        "VOI LUT of bytes",
                        twelveBits()
                                .sequence(
                                        0x00283010,
                                        table(999, 8, 1, 2, 3, 4)
                                                .bytes(
                                                        0x00283006,
                                                        "OB",
                                                        new byte[] {10, 20, 30, 40})),
                        new int[] {10, 20, 40, 40}),
                arguments(
                        "modality LUT",
                        twelveBits().sequence(0x00283000, table(999, 10, 1023, 500, 0)),
                        new int[] {255, 125, 0, 0}),
                arguments(
                        "padding of MONOCHROME1",
                        twelveBits()
                                .text(0x00280004, "CS", "MONOCHROME1")
                                .numbers(0x00280120, "US", 0),
                        new int[] {0, 193, 68, 0}),
                arguments(
                        "range of padding",
                        twelveBits()
                                .numbers(0x00280120, "US", 4095)
                                .numbers(0x00280121, "US", 3000),
                        new int[] {0, 62, 0, 0}),
                arguments(
                        "signed padding",
                        DicomFile.of(2, 2, 16, -32768, 16384, 0, 32767)
                                .numbers(0x00280103, "US", 1)
                                .numbers(0x00280120, "SS", 16384),
                        new int[] {0, 0, 128, 255}),
                arguments(
                        "RGB",
                        rgb("RGB", new byte[] {1, 2, 3, 4, 5, 6}),
                        new int[] {1, 2, 3, 4, 5, 6}),
                arguments(
                        "planes",
                        rgb("RGB", new byte[] {1, 4, 2, 5, 3, 6}).numbers(0x00280006, "US", 1),
                        new int[] {1, 2, 3, 4, 5, 6}),
                // R = Y + 1.402 (Cr - 128) and so on
                arguments(
                        "YBR_FULL",
                        rgb(
                                "YBR_FULL",
                                new byte[] {100, (byte) 128, (byte) 128, 100, 28, (byte) 228}),
                        new int[] {100, 100, 100, 240, 63, 0}),
                arguments(
                        "YBR_FULL_422",
                        rgb("YBR_FULL_422", new byte[] {100, 50, 28, (byte) 228}),
                        new int[] {240, 63, 0, 190, 13, 0}),
                arguments("PALETTE COLOR", palette(), new int[] {0, 17, 34, 255, 255, 255}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void greyLevels(String name, DicomFile file, int[] expected) throws IOException {
        assertThat(levels(file)).as(name).containsExactly(expected);
    }

    private static byte[] runLengths(int... bytes) {
        ByteBuffer frame = ByteBuffer.allocate(64 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(2).putInt(64).putInt(68).position(64);
        for (int b : bytes) {
            frame.put((byte) b);
        }
        return frame.array();
    }

    @Test
    void runLengthsOfSixteenBits() throws IOException {
        // high bytes: 4 literals would be 3 a b c d; here runs of 2 (-1) and literals (1 = two)
        byte[] frame = runLengths(-1, 0, -1, 0xFF, 3, 0, 128, 0, 255);

        DicomFile file = DicomFile.of(2, 2, 16).fragments(DicomFile.RLE, frame);
        assertThat(levels(file)).containsExactly(0, 0, 254, 255);
        byte[] first = Arrays.copyOf(frame, 30);
        byte[] second = Arrays.copyOfRange(frame, 30, frame.length);
        assertThat(levels(file.fragments(DicomFile.RLE, first, second)))
                .containsExactly(0, 0, 254, 255);

        byte[] cut = Arrays.copyOf(frame, frame.length - 1);
        assertThatThrownBy(() -> levels(file.fragments(DicomFile.RLE, cut)))
                .hasMessage("its RLE segment 2 is truncated; expected 4 pixels");
        byte[] padded = Arrays.copyOf(frame, frame.length + 1);
        assertThat(levels(file.fragments(DicomFile.RLE, padded))).containsExactly(0, 0, 254, 255);
        byte[] longer = runLengths(-1, 0, -1, 0xFF, 3, 0, 128, 0, 255, 1, 2, 3);
        assertThatThrownBy(() -> levels(file.fragments(DicomFile.RLE, longer)))
                .hasMessage("its RLE segment 2 is too long; expected 4 pixels");
    }

    @Test
    void pixelDataEndWhereTheirLengthSays() throws IOException {
        byte[] padded = DicomFile.of(3, 2, Arrays.copyOf(PIXELS, 8)).toBytes();
        assertThat(decode(padded)).isEqualTo(PIXELS);
        assertThat(decode(Arrays.copyOf(padded, padded.length + 9))).isEqualTo(PIXELS);
        assertThatThrownBy(() -> decode(Arrays.copyOf(padded, padded.length - 1)))
                .hasMessageContaining("Pixel Data (7FE0,0010) needs 2 bytes, and 1 are left");
    }

    @Test
    void deflatedPixelsAreFollowedByElements() throws IOException {
        byte[] whole = grey().dataSet();
        byte[] padding = {-4, -1, -4, -1, 'O', 'B', 0, 0, 0, 0, 0, 0};
        assertThat(decode(deflated(joined(whole, padding)))).isEqualTo(PIXELS);
        byte[] other = {0x4B, 0x0C, 0x4B, 0x0C, 0, 0, 0, 0};
        assertThatThrownBy(() -> decode(deflated(joined(whole, other))))
                .hasMessageContaining("no value representation (VR) in element (0C4B,0C4B)");
    }

    private static byte[] deflated(byte[] dataSet) {
        byte[] meta = DicomFile.empty().syntax(DicomFile.DEFLATED).toBytes();
        int length = meta.length - DicomFile.deflated(new byte[0]).length;
        return joined(Arrays.copyOf(meta, length), DicomFile.deflated(dataSet));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(grey().text(0x00080060, "CS", "MG"), "Modality (0008,0060) is 'MG'"),
                arguments(
                        grey().without(0x00080060)
                                .text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"),
                        "expected a plain radiograph: CR, DX or RG"),
                arguments(
                        grey().text(0x00080060, "CS", "PR")
                                .text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.11.1"),
                        "it is a presentation state"),
                arguments(grey().text(0x00280008, "IS", "2"), "Number of Frames (0028,0008) is 2"),
                arguments(grey().without(0x7FE00010), "it has no Pixel Data (7FE0,0010)"),
                arguments(grey().without(0x00280011), "it has no Columns (0028,0011)"),
                arguments(
                        grey().numbers(0x00280100, "US", 32),
                        "Bits Allocated (0028,0100) is 32; expected 8 or 16"),
                arguments(grey().numbers(0x00280100, "US", 1), "Bits Allocated (0028,0100) is 1;"),
                arguments(grey().numbers(0x00280101, "US", 9), "9 stored"),
                arguments(
                        grey().numbers(0x00280002, "US", 3),
                        "Samples per Pixel (0028,0002) is 3; expected 1"),
                arguments(
                        grey().text(0x00280004, "CS", "CMYK"),
                        "Photometric Interpretation (0028,0004) is 'CMYK'"),
                arguments(
                        grey().numbers(0x00280010, "US", 3),
                        "Pixel Data (7FE0,0010) has 6 bytes; expected 9 for 3 x 3 pixels"),
                arguments(
                        window("100", "0", ""),
                        "Window Width (0028,1051) is 0.0; expected at least"),
                arguments(
                        window("100", "x", ""),
                        "Window Width (0028,1051) is 'x'; expected a number"),
                arguments(window("9", "9", "CUBIC"), "VOI LUT Function (0028,1056) is 'CUBIC'"),
                arguments(grey().text(0x00281050, "DS", "5"), "only one of Window Center"),
                arguments(
                        grey().sequence(
                                        0x00283010,
                                        table(0, 16, 1, 2).numbers(0x00283006, "OW", 1)),
                        "LUT Data (0028,3006) has 2 bytes; expected 4"),
                arguments(
                        grey().bytes(0x00281201, "OW", new byte[300000]),
                        "has 300000 bytes; expected at most 262144"),
                arguments(grey().syntax(DicomFile.RLE), "expected fragments"),
                arguments(grey().fragments("1.2.840.10008.1.2.4.90", PIXELS), "neither JPEG nor"),
                arguments(grey().syntax("1.2.840.10008.1.2.4.81"), "compressed as JPEG-LS"),
                arguments(grey().syntax("1.2.840.10008.1.2.4.202"), "(HTJ2K)"),
                arguments(grey().syntax("1.2.840.10008.1.2.4.110"), "compressed as JPEG XL"),
                arguments(grey().syntax("1.2.840.10008.1.2.4.102"), "compressed as video"),
                arguments(grey().syntax("1.2.3"), "unknown coding (transfer syntax 1.2.3)"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void refusals(DicomFile file, String reason) {
        assertThatThrownBy(() -> decode(file.toBytes()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void reasonsDoNotNameThePatient() {
        DicomFile file = grey().text(0x00100010, "PN", "Doe^Jane").text(0x00100020, "LO", "P-4711");
        byte[] bytes = file.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> decode(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class)
                    .message()
                    .doesNotContain("Doe", "4711");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 100000})
    void depthOfSequencesIsLimited(int depth) {
        byte[] head = {
            0x29, 0, 1, 16, 'S', 'Q', 0, 0, -1, -1, -1, -1, -2, -1, 0, -32, -1, -1, -1, -1
        };
        ByteBuffer file = ByteBuffer.allocate(depth * head.length);
        for (int i = 0; i < depth; i++) {
            file.put(head);
        }
        assertThatThrownBy(() -> decode(joined(DicomFile.empty().toBytes(), file.array())))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "it is damaged: element (0029,1001) is nested more than 32 levels deep");
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void lengthsBeyondTheFileOrTheItemAreRefused() {
        byte[] huge = {0x29, 0, 1, 16, 'U', 'N', 0, 0, -2, -1, -1, -1};
        assertThatThrownBy(() -> decode(joined(DicomFile.empty().toBytes(), huge)))
                .hasMessageContaining("element (0029,1001) needs 4294967294 bytes, and 0 are left");

        byte[] item = {0x28, 0, 0, 0x30, 'S', 'Q', 0, 0, 8, 0, 0, 0, -2, -1, 0, -32, 9, 0, 0, 0};
        assertThatThrownBy(() -> decode(joined(DicomFile.empty().toBytes(), item)))
                .hasMessageContaining(
                        "Item (FFFE,E000) of 9 bytes within Modality LUT Sequence (0028,3000)");
    }

    @Test
    void deflatedZerosAreReadOnlyAsFarAsNeeded() {
        byte[] start = DicomFile.empty().bytes(0x00291001, "UN", new byte[2]).dataSet();
        ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 0x7FFFFFF0);
        byte[] file = deflated(joined(start, new byte[1 << 20]));

        assertThatThrownBy(() -> decode(file))
                .hasMessageContaining("element (0029,1001) needs 2147483632 bytes");
    }
}
