package org.deepcovid.core.image;

import java.io.ByteArrayOutputStream;
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
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private ImageFormat.Size size;
    private int process;
    private int precision;
    private int[] componentIds = {};
    private long[] coefficients = {}; // bit k: coefficient k of a component is complete
    private boolean progressive;
    private boolean scanned;
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
        structure.plain.write(bytes, 0, 2);
        structure.walk(true);
        return structure;
    }

    /**
     * Reads an image whose tables are in a stream of their own.
     *
     * @param tables from start to end marker
     */
    static JpegStructure whole(byte[] tables, byte[] image) throws IOException {
        byte[] all = Arrays.copyOf(tables, tables.length - 2 + image.length - 2);
        System.arraycopy(image, 2, all, tables.length - 2, image.length - 2);
        return whole(all);
    }

    /** The image without metadata, fill bytes and stray bytes, which confuse readers. */
    byte[] plain() {
        return plain.toByteArray();
    }

    ImageFormat.Size size() {
        return size;
    }

    /** Whether the samples are coded without loss, by prediction (T.81, annex H). */
    boolean isLossless() {
        return process == LOSSLESS;
    }

    /** Refuses hierarchical and arithmetic coding, which some JDKs decode and others do not. */
    JpegStructure requireDctWithHuffman() throws IOException {
        if (process > PROGRESSIVE) {
            throw new IOException(
                    "its JPEG data are coded by process SOF%d; expected a baseline or progressive JPEG, SOF0 to SOF2 (convert it to PNG)"
                            .formatted(process));
        }
        return this;
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
        return (jfif || adobeTransform.isPresent()) ? isLumaChroma() : unmarked;
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
            int start = at;
            at = nextMarker(at);
            int marker = at(at - 1);
            requireNothingLost(start, at - 2, marker);
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
            if (marker < APP0) { // tables, frame and scans, but no metadata
                plain.write(0xFF);
                plain.write(bytes, at - 1, length + 1);
            }
            at += length;
            if (marker == SOS) {
                at = copyScan(at);
            }
        }
        if (size == null) {
            throw new IOException("it has no JPEG frame header");
        }
        requireAllCoefficients();
        plain.write(0xFF);
        plain.write(EOI);
    }

    /** Offset after the next marker's code; fill bytes and stray bytes before it are skipped. */
    private int nextMarker(int start) throws IOException {
        int at = start;
        while (at(at) != 0xFF || at(at + 1) == 0xFF || at(at + 1) == 0) {
            at++;
        }
        return at + 2;
    }

    /**
     * Bytes between segments are harmless, unless they may be a segment or scan whose marker is
     * damaged.
     */
    private void requireNothingLost(int start, int end, int marker) throws IOException {
        int from = start;
        while (from < end && (bytes[from] == (byte) 0xFF || bytes[from] == 0)) {
            from++;
        }
        boolean segment = end - start > 3 && word(start + 2) == end - start - 2;
        boolean scan = size != null && scanned && marker != EOI;
        if (from < end && (segment || scan)) {
            throw new IOException(
                    "its JPEG data is damaged: %d bytes before marker 0x%02x at byte %d belong to no segment"
                            .formatted(end - start, marker, end));
        }
    }

    /** Copies entropy-coded data, without fill bytes, up to the next marker; returns its offset. */
    private int copyScan(int start) throws IOException {
        scanned = true;
        int from = start;
        int at = start;
        while (at(at) != 0xFF || at(at + 1) == 0 || isStandalone(at(at + 1)) || isFill(at)) {
            if (at(at) == 0xFF && isFill(at)) {
                plain.write(bytes, from, at - from);
                from = at + 1;
            }
            at++;
        }
        plain.write(bytes, from, at - from);
        return at;
    }

    private boolean isFill(int at) throws IOException {
        return at(at + 1) == 0xFF;
    }

    private static boolean isStandalone(int marker) { // restart markers and TEM
        return (marker >= 0xD0 && marker <= 0xD8) || marker == 0x01;
    }

    /** Notes which coefficients a scan completes. */
    private void readScan(int start) throws IOException {
        int count = at(start);
        int first = at(start + 1 + 2 * count);
        int last = progressive ? Math.min(63, at(start + 2 + 2 * count)) : 63;
        boolean complete = !progressive || (at(start + 3 + 2 * count) & 0xF) == 0;
        for (int i = 0; i < count && complete; i++) {
            for (int c = 0; c < componentIds.length; c++) {
                if (componentIds[c] == at(start + 1 + 2 * i)) {
                    for (int k = progressive ? first : 0; k <= last; k++) {
                        coefficients[c] |= 1L << k;
                    }
                }
            }
        }
    }

    /** A progressive file that was cut between two scans decodes to a blurred picture. */
    private void requireAllCoefficients() throws IOException {
        for (long received : coefficients) {
            if (received != -1L) {
                throw new IOException(
                        "it is incomplete: its JPEG scans hold %d of 64 coefficients of a component"
                                .formatted(Long.bitCount(received)));
            }
        }
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
        } else if (marker == SOS) {
            readScan(start);
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
        progressive = process == PROGRESSIVE;
        precision = at(start);
        size = new ImageFormat.Size(word(start + 3), word(start + 1));
        componentIds = new int[at(start + 5)];
        coefficients = new long[componentIds.length];
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
