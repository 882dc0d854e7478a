package org.deepcovid.core.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The markers of a JPEG file (ITU-T T.81, annex B). */
final class JpegStructure {

    private static final int SOF0 = 0xC0;
    private static final int PROGRESSIVE = 2;
    private static final int LOSSLESS = 3;
    private static final int JPEG_LS = 0xF7;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;

    private final byte[] bytes;
    private ImageFormat.Size size;
    private int process;
    private int precision;
    private int[] componentIds = {};
    private boolean jfif;
    private Optional<Integer> adobeTransform = Optional.empty();
    private Optional<byte[]> exif = Optional.empty();

    private JpegStructure(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads up to the frame header, which holds the size. */
    static JpegStructure header(byte[] bytes) throws IOException {
        JpegStructure structure = new JpegStructure(bytes);
        structure.walk(false);
        return structure;
    }

    /** Reads up to the end of the image, to detect truncated files. */
    static JpegStructure whole(byte[] bytes) throws IOException {
        JpegStructure structure = new JpegStructure(bytes);
        structure.walk(true);
        return structure;
    }

    ImageFormat.Size size() {
        return size;
    }

    /** Whether the samples are coded without loss, by prediction (T.81, annex H). */
    boolean isLossless() {
        return process == LOSSLESS;
    }

    /** Refuses hierarchical and arithmetic coding, which some JDKs decode and others do not. */
    void requireDctWithHuffman() throws IOException {
        if (process > PROGRESSIVE) {
            throw new IOException(
                    "its JPEG data are coded by process SOF%d; expected SOF0 to SOF3"
                            .formatted(process));
        }
    }

    JpegStructure requireEightBits() throws IOException {
        if (precision != 8) {
            throw new IOException(
                    "it is a JPEG with %d-bit samples; expected 8 bits (convert it to PNG)"
                            .formatted(precision));
        }
        return this;
    }

    /** Whether the first three components are luma and chroma, if a marker says so. */
    boolean isLumaChroma(boolean unmarked) {
        return jfif || adobeTransform.isPresent() ? isLumaChroma() : unmarked;
    }

    Optional<byte[]> exif() {
        return exif;
    }

    int components() {
        return componentIds.length;
    }

    /** Whether the first three components are luma and chroma; the rules are those of libjpeg. */
    boolean isLumaChroma() {
        if (components() == 4) {
            return adobeTransform.orElse(0) == 2;
        }
        if (jfif) {
            return true;
        }
        return adobeTransform
                .map(transform -> transform != 0)
                .orElse(!Arrays.equals(componentIds, new int[] {'R', 'G', 'B'}));
    }

    private void walk(boolean toEnd) throws IOException {
        int at = 2;
        while (true) {
            at = nextMarker(at);
            int marker = at(at - 1);
            if (marker == EOI) {
                break;
            }
            if (isStandalone(marker)) {
                continue;
            }
            int length = word(at);
            at(at + length - 1);
            readSegment(marker, at + 2, at + length);
            if (size != null && !toEnd) {
                return;
            }
            at += length;
            if (marker == SOS) {
                at = endOfScan(at);
            }
        }
        if (size == null) {
            throw new IOException("it has no JPEG frame header");
        }
    }

    /** Offset after the next marker's code; fill bytes and stray bytes before it are skipped. */
    private int nextMarker(int start) throws IOException {
        int at = start;
        while (at(at) != 0xFF || at(at + 1) == 0xFF || at(at + 1) == 0) {
            at++;
        }
        return at + 2;
    }

    /** Offset of the first marker after entropy-coded data. */
    private int endOfScan(int start) throws IOException {
        int at = start;
        while (at(at) != 0xFF || at(at + 1) == 0 || isStandalone(at(at + 1))) {
            at++;
        }
        return at;
    }

    private static boolean isStandalone(int marker) { // restart markers and TEM
        return (marker >= 0xD0 && marker <= 0xD8) || marker == 0x01;
    }

    private void readSegment(int marker, int start, int end) throws IOException {
        if (marker == APP0 && begins(start, end, "JFIF\0")) {
            jfif = true;
        } else if (marker == APP1 && begins(start, end, "Exif\0") && exif.isEmpty()) {
            exif = Optional.of(Arrays.copyOfRange(bytes, start + 6, end));
        } else if (marker == APP14 && begins(start, end, "Adobe") && end - start >= 12) {
            adobeTransform = Optional.of(at(start + 11));
        } else if (marker == JPEG_LS) {
            throw new IOException("its pixels are compressed as JPEG-LS, which is not read");
        } else if (isFrameHeader(marker) && size == null) {
            readFrame(marker, start);
        }
    }

    private static boolean isFrameHeader(int marker) { // SOF0 to SOF15 without DHT, JPG, DAC
        return marker >= 0xC0
                && marker <= 0xCF
                && marker != 0xC4
                && marker != 0xC8
                && marker != 0xCC;
    }

    private void readFrame(int marker, int start) throws IOException {
        process = marker - SOF0;
        precision = at(start);
        size = new ImageFormat.Size(word(start + 3), word(start + 1));
        componentIds = new int[at(start + 5)];
        for (int i = 0; i < componentIds.length; i++) {
            componentIds[i] = at(start + 6 + 3 * i);
        }
    }

    private boolean begins(int start, int end, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        return end - start > expected.length
                && Arrays.equals(
                        bytes, start, start + expected.length, expected, 0, expected.length);
    }

    private int word(int at) throws IOException {
        return at(at) << 8 | at(at + 1);
    }

    private int at(int at) throws IOException {
        if (at >= bytes.length) {
            throw new IOException(
                    "it is truncated: the JPEG data ends after %d bytes without an end marker"
                            .formatted(bytes.length));
        }
        return bytes[at] & 0xFF;
    }
}
