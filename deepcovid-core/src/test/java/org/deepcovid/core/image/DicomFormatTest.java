package org.deepcovid.core.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.deepcovid.testing.DicomFile;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.Test;
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

    @ParameterizedTest
    @CsvSource({
        "11, 1, the header says 512 x 480 of 1", // Xsiz
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
