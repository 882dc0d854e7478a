package org.deepcovid.core.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import jj2000.j2k.util.FacilityManager;
import jj2000.j2k.util.MsgLogger;
import org.deepcovid.testing.CapturedOutput;
import org.deepcovid.testing.DicomFile;
import org.deepcovid.testing.Mutations;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed pixels of DICOM files. */
class DicomFormatTest {

    private static final String BASELINE = "1.2.840.10008.1.2.4.50";
    private static final String LOSSLESS = "1.2.840.10008.1.2.4.70";
    private static final String JPEG_2000 = "1.2.840.10008.1.2.4.90";
    private static final BufferedImage GREY =
            TestImages.picture(31, 23, BufferedImage.TYPE_BYTE_GRAY);

    private static RasterImage decode(byte[] file) {
        return ImageDecoder.decode("picture", file);
    }

    private static DicomFile jpeg(byte[] jpeg) {
        return DicomFile.of(31, 23, new byte[0]).fragments(BASELINE, jpeg);
    }

    private static byte[] jpeg() {
        return TestImages.encode("jpg", GREY);
    }

    private static DicomFile colours(byte[] jpeg, String photometric) {
        return jpeg(jpeg).numbers(0x00280002, "US", 3).text(0x00280004, "CS", photometric);
    }

    @Test
    void fragmentsOfJpegAreJoined() {
        byte[] all = jpeg();
        byte[] head = Arrays.copyOf(all, 100);
        byte[] tail = Arrays.copyOfRange(all, 100, all.length);

        assertThat(decode(jpeg(all).toBytes())).isEqualTo(decode(all));
        assertThat(decode(jpeg(all).fragments(LOSSLESS, head, tail).toBytes()))
                .as("the frame header decides, not the transfer syntax")
                .isEqualTo(decode(all));
    }

    @Test
    void markersOfJpegDecideAboutColours() {
        byte[] jfif =
                TestImages.encode("jpg", TestImages.picture(31, 23, BufferedImage.TYPE_3BYTE_BGR));

        assertThat(decode(colours(jfif, "RGB").toBytes())).isEqualTo(decode(jfif));
        assertThat(decode(colours(jfif, "YBR_FULL_422").toBytes())).isEqualTo(decode(jfif));
    }

    private static int frameHeader(byte[] jpeg) {
        return TestImages.indexOf(jpeg, "\u00ff\u00c0\0") + 4;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 12, it is a JPEG with 12-bit samples",
        "2, 24, its JPEG data have 31 x 24 pixels; the DICOM header says 31 x 23",
        "4, 99, its JPEG data have 99 x 23 pixels",
        "-3, 0xF7, compressed as JPEG-LS",
        "-3, 0xC9, coded by process SOF9; expected a baseline or progressive JPEG"
    })
    void frameHeadersOfJpegAreChecked(int at, int value, String reason) {
        byte[] jpeg = jpeg();
        jpeg[frameHeader(jpeg) + at] = (byte) value;

        assertThatThrownBy(() -> decode(jpeg(jpeg).toBytes()))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void truncatedJpegIsRefused() {
        byte[] cut = Arrays.copyOf(jpeg(), jpeg().length - 20);

        assertThatThrownBy(() -> decode(jpeg(cut).toBytes()))
                .hasMessageContaining("without an end marker");
    }

    private static byte[] shared(String name, String start) throws IOException {
        byte[] file = Files.readAllBytes(SharedData.path("data/formats/" + name));
        int from = TestImages.indexOf(file, start);
        int to = new String(file, ISO_8859_1).lastIndexOf("\u00ff\u00d9") + 2;
        return Arrays.copyOfRange(file, from, to);
    }

    private static byte[] twelveBits(String syntax, byte[] frame) {
        return DicomFile.of(512, 480, 12).fragments(syntax, frame).toBytes();
    }

    @Test
    void losslessCodingsGiveTheSameImageUnderAnySyntax() throws IOException {
        byte[] jpeg = shared("dicom-jpeg-lossless.dcm", "\u00ff\u00d8\u00ff");
        byte[] jpeg2000 = shared("dicom-jpeg2000.dcm", "\u00ffO\u00ffQ");

        RasterImage image = decode(twelveBits(JPEG_2000, jpeg2000));
        assertThat(decode(twelveBits(LOSSLESS, jpeg2000))).isEqualTo(image);
        assertThat(decode(twelveBits(LOSSLESS, jpeg))).isEqualTo(image);
        assertThat(decode(twelveBits(BASELINE, jpeg))).isEqualTo(image);
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 60, 1000, 100_000})
    void truncatedLosslessCodingsAreRefused(int length) throws IOException {
        byte[] jpeg = shared("dicom-jpeg-lossless.dcm", "\u00ff\u00d8\u00ff");
        byte[] jpeg2000 = shared("dicom-jpeg2000.dcm", "\u00ffO\u00ffQ");
        for (byte[] frame : new byte[][] {jpeg, jpeg2000}) {
            assertThatThrownBy(() -> decode(twelveBits(LOSSLESS, Arrays.copyOf(frame, length))))
                    .isInstanceOf(UnreadableImageException.class);
            byte[] ended = Arrays.copyOf(frame, length);
            ended[length - 2] = (byte) 0xFF;
            ended[length - 1] = (byte) 0xD9;
            assertThatThrownBy(() -> decode(twelveBits(LOSSLESS, ended)))
                    .isInstanceOf(UnreadableImageException.class);
        }
    }

    private static byte[] losslessColours(int seed) {
        int[][] bands = new int[3][31 * 23];
        Random random = new Random(seed);
        for (int[] band : bands) {
            Arrays.setAll(band, i -> random.nextInt(256));
        }
        return TestImages.losslessJpeg(31, 8, bands);
    }

    @Test
    void lastSamplesOfLosslessColoursAreDecoded() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            byte[] planes = new byte[3 * 31 * 23];
            for (int i = 0; i < planes.length; i++) {
                planes[i] = (byte) random.nextInt(256);
            }
            DicomFile plain = DicomFile.of(31, 23, planes).text(0x00280004, "CS", "RGB");
            plain.numbers(0x00280002, "US", 3).numbers(0x00280006, "US", 1);

            assertThat(decode(colours(losslessColours(seed), "RGB").toBytes()))
                    .isEqualTo(decode(plain.toBytes()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 16})
    void losslessGreyOfAnyDepthIsDecoded(int bits) {
        int[] samples = new Random(bits).ints(31 * 23, 0, 1 << bits).toArray();
        byte[] jpeg = TestImages.losslessJpeg(31, bits, samples);
        DicomFile plain = DicomFile.of(31, 23, 16, samples).numbers(0x00280101, "US", bits);
        plain.numbers(0x00280102, "US", bits - 1);
        byte[] expected = plain.toBytes();

        assertThat(decode(plain.fragments(LOSSLESS, jpeg).toBytes())).isEqualTo(decode(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "C3, 11, 33, sampling factors 21",
        "DA, 11, 0, predictor 0; expected 1 to 7",
        "DA, 11, 8, predictor 8; expected 1 to 7"
    })
    void losslessCodingThatTheLibraryMisreadsIsRefused(
            String marker, int at, byte value, String reason) {
        byte[] jpeg = losslessColours(1);
        jpeg[TestImages.indexOf(jpeg, "\u00ff" + (char) Integer.parseInt(marker, 16)) + at] = value;

        assertThatThrownBy(() -> decode(colours(jpeg, "RGB").toBytes()))
                .hasMessageContaining(reason);
    }

    @Test
    void restartIntervalsOfLosslessCodingAreRefused() {
        byte[] jpeg =
                TestImages.insert(losslessColours(1), 2, new byte[] {-1, (byte) 0xDD, 0, 4, 0, 31});

        assertThatThrownBy(() -> decode(colours(jpeg, "RGB").toBytes()))
                .hasMessageContaining("lossless JPEG with restart intervals");
    }

    /** Damages the data in many ways; the library has a logger of its own for threads without. */
    @Test
    void damagedJpeg2000IsRefusedWithoutPrinting() throws IOException {
        byte[] whole = shared("dicom-jpeg2000.dcm", "\u00ffO\u00ffQ");
        byte[] small = jpeg2000();
        List<String> printed = new ArrayList<>();
        MsgLogger before = FacilityManager.getMsgLogger(null);
        String text;
        try {
            FacilityManager.registerMsgLogger(null, recording(printed));
            text =
                    CapturedOutput.of(
                                    () -> {
                                        damaged(whole, small);
                                        return "";
                                    })
                            .text();
        } finally {
            FacilityManager.registerMsgLogger(null, before);
        }
        assertThat(printed).isEmpty();
        assertThat(text).isEmpty();
    }

    /** The library would repeat the bits of 0xFFFF for ever. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void markersAmongJpeg2000DataAreRefused() throws IOException {
        byte[] frame = shared("dicom-jpeg2000.dcm", "\u00ffO\u00ffQ");
        int data = TestImages.indexOf(frame, "\u00ff\u0093") + 2;
        Arrays.fill(frame, data, data + 40, (byte) 0xFF);

        assertThatThrownBy(() -> decode(twelveBits(JPEG_2000, frame)))
                .hasMessageContaining("marker 0xffff among the data");
    }

    /** 1 if it is refused. */
    private static int attempt(Runnable decoding) {
        try {
            decoding.run();
            return 0;
        } catch (UnreadableImageException e) {
            return 1;
        }
    }

    /** A codestream of one tile, without the JP2 file around it. */
    private static byte[] jpeg2000() throws IOException {
        byte[] file = TestImages.jpeg2000(GREY);
        return Arrays.copyOfRange(file, TestImages.indexOf(file, "\u00ffO\u00ffQ"), file.length);
    }

    private static byte[] decodedJpeg2000(byte[] frame) {
        DicomFile file = DicomFile.of(31, 23, new byte[0]).fragments(JPEG_2000, frame);
        return decode(file.toBytes()).toBytes();
    }

    private static int tilePart(byte[] frame) {
        return TestImages.indexOf(frame, "\u00ff\u0090\0\n");
    }

    @ParameterizedTest
    @CsvSource({
        "6, '', 0", // length of the tile part: to the end
        "11, '', 0", // number of tile parts: unknown
        "12, FF58000400FF, 6", // PLT
        "14, FF9100040000, 6", // SOP before the first packet
        "0, FF570003FF, 0", // PLM
        "0, FF550004FFFF, 0" // TLM
    })
    void whatTheJpeg2000LibraryWarnsOfOrMisreadsIsLeftOut(int at, String inserted, int longer)
            throws IOException {
        byte[] whole = jpeg2000();
        int part = tilePart(whole);
        whole[TestImages.indexOf(whole, "\u00ffR") + 4] |= 2; // packets may have markers
        byte[] frame = TestImages.insert(whole, part + at, HexFormat.of().parseHex(inserted));
        ByteBuffer length = ByteBuffer.wrap(frame).position(tilePart(frame) + 6);
        length.putInt(length.position(), length.getInt(length.position()) + longer);
        if (inserted.isEmpty()) {
            Arrays.fill(frame, part + at, part + at + (at == 6 ? 4 : 1), (byte) 0);
        }

        assertThat(decodedJpeg2000(frame)).isEqualTo(decodedJpeg2000(whole));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void bytesMissingFromJpeg2000AreRefused(int missing) throws IOException {
        byte[] whole = shared("dicom-jpeg2000.dcm", "\u00ffO\u00ffQ");
        int part = tilePart(whole);
        Arrays.fill(whole, part + 6, part + 10, (byte) 0); // length: to the end
        for (int at = part + 14; at + missing < whole.length - 2; at += whole.length / 20) {
            byte[] frame = Arrays.copyOf(whole, whole.length - missing);
            System.arraycopy(whole, at + missing, frame, at, frame.length - at);
            assertThatThrownBy(() -> decode(twelveBits(JPEG_2000, frame)))
                    .as("byte %d", at)
                    .hasMessageContaining("JPEG 2000 data are damaged");
        }
    }

    @Test
    void packedPacketHeadersOfJpeg2000AreRefused() throws IOException {
        byte[] whole = shared("dicom-jpeg2000.dcm", "\u00ffO\u00ffQ");
        int at = TestImages.indexOf(whole, "\u00ff\u0090");
        byte[] frame = TestImages.insert(whole, at, new byte[] {-1, 0x60, 0, 4, 0, 0});

        assertThatThrownBy(() -> decode(twelveBits(JPEG_2000, frame)))
                .hasMessageContaining("packed packet headers");
    }

    private static void damaged(byte[] whole, byte[] small) {
        int refused = 0;
        for (int at = 100; at < 1600; at += 60) {
            byte[] frame = whole.clone();
            Arrays.fill(frame, at, at + 30, (byte) 0x5A);
            refused += attempt(() -> decode(twelveBits(JPEG_2000, frame)));
        }
        for (int seed = 0; seed < 500; seed++) {
            byte[] frame = Mutations.damage(small.clone(), new Random(seed));
            refused += attempt(() -> decodedJpeg2000(frame));
        }
        assertThat(refused).isPositive();
    }

    private static MsgLogger recording(List<String> messages) {
        return new MsgLogger() {
            @Override
            public void printmsg(int severity, String message) {
                messages.add(message);
            }

            @Override
            public void println(String message, int firstIndent, int indent) {
                messages.add(message);
            }

            @Override
            public void flush() {}
        };
    }

    @ParameterizedTest
    @CsvSource({
        "11, 1, the header says 512 x 480 of 1", // Xsiz
        "19, 3, image offset of 3 x 0; expected 0 x 0",
        "6, 64, High-Throughput JPEG 2000", // Rsiz
        "40, 1, JPEG 2000 data have 512 x 480 pixels of 257 components",
        "42, 20, or 21 bits; expected"
    })
    void headersOfJpeg2000AreChecked(int at, byte value, String reason) throws IOException {
        byte[] frame = shared("dicom-jpeg2000.dcm", "\u00ffO\u00ffQ");
        frame[at] = value;

        assertThatThrownBy(() -> decode(twelveBits(JPEG_2000, frame))).hasMessageContaining(reason);
    }
}
