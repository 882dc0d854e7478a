package org.deepcovid.core.image;

import java.io.IOException;
import java.util.Arrays;

/**
 * Counts the coded samples of lossless JPEG data (ITU-T T.81, annex H). The library that decodes
 * them fills missing samples silently, ignores sampling factors, and gives wrong samples where the
 * prediction restarts.
 */
final class LosslessJpeg {

    private static final int MAX_CODE_BITS = 16;
    private static final int MAX_STRAY_BYTES = 2;
    private static final int BYTES_AHEAD = 16;
    private static final int SOF3 = 0xC3;
    private static final int DHT = 0xC4;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DRI = 0xDD;

    private final byte[] bytes;
    private final long pixels;

    /** By destination: for each 16 bits, length of the code and number of the bits after it. */
    private final short[][] tables = new short[4][];

    private int at = 2;
    private long bits;
    private int available;

    private LosslessJpeg(byte[] bytes, long pixels) {
        this.bytes = bytes;
        this.pixels = pixels;
    }

    /**
     * Requires a difference for every sample, and no more.
     *
     * @param bytes whose markers {@link JpegStructure} has checked
     * @return the data with bytes before the end marker, without which the library drops the last
     *     samples of some colour images
     */
    static byte[] checked(byte[] bytes, ImageFormat.Size size) throws IOException {
        LosslessJpeg data = new LosslessJpeg(bytes, size.pixels());
        data.walk();
        byte[] padded = Arrays.copyOf(bytes, data.at + BYTES_AHEAD + 2);
        Arrays.fill(padded, data.at, data.at + BYTES_AHEAD, (byte) 0);
        padded[data.at + BYTES_AHEAD] = (byte) 0xFF;
        padded[data.at + BYTES_AHEAD + 1] = (byte) EOI;
        return padded;
    }

    private void walk() throws IOException {
        while (true) {
            while (at(at) != 0xFF || at(at + 1) == 0xFF) {
                at++;
            }
            int marker = at(at + 1);
            if (marker == EOI) {
                return;
            }
            int start = at + 4;
            at += 2 + word(at + 2);
            if (marker == DHT) {
                readTables(start);
            } else if (marker == SOF3) {
                requireFullComponents(start);
            } else if (marker == DRI && word(start) != 0) {
                throw new IOException(
                        "it is a lossless JPEG with restart intervals, which are not decoded"
                                + " (convert the file, with dcmdjpeg)");
            } else if (marker == SOS) {
                countSamples(start);
            }
        }
    }

    private void requireFullComponents(int start) throws IOException {
        for (int c = 0; c < at(start + 5); c++) {
            if (at(start + 7 + 3 * c) != 0x11) {
                throw new IOException(
                        "it is a lossless JPEG with sampling factors %x; expected 11"
                                .formatted(at(start + 7 + 3 * c)));
            }
        }
    }

    private void readTables(int start) throws IOException {
        int in = start;
        while (in < at) {
            short[] table = new short[1 << MAX_CODE_BITS];
            int value = in + 1 + MAX_CODE_BITS;
            int code = 0;
            for (int length = 1; length <= MAX_CODE_BITS; length++) {
                int span = 1 << (MAX_CODE_BITS - length);
                for (int i = 0; i < at(in + length); i++, code += span, value++) {
                    int extra = at(value) == 16 ? 0 : at(value); // H.1.2.2
                    if (code + span > table.length || extra > 15) {
                        throw new IOException("its JPEG data are damaged: Huffman table");
                    }
                    Arrays.fill(table, code, code + span, (short) (length << 8 | extra));
                }
            }
            tables[at(in) & 3] = table;
            in = value;
        }
    }

    private void countSamples(int start) throws IOException {
        int components = at(start);
        int predictor = at(start + 1 + 2 * components);
        if (predictor < 1 || predictor > 7) {
            throw new IOException(
                    "it is a lossless JPEG with predictor %d; expected 1 to 7"
                            .formatted(predictor));
        }
        for (long pixel = 0; pixel < pixels; pixel++) {
            for (int c = 0; c < components; c++) {
                short[] table = tables[at(start + 2 + 2 * c) >> 4 & 3];
                int code = table == null ? 0 : table[peek(MAX_CODE_BITS)];
                skip(code >> 8, pixel);
                skip(code & 0xFF, pixel);
                if (code == 0) {
                    throw damaged(pixel);
                }
            }
        }
        endOfScan();
    }

    /** Moves to the next marker, over at most a few stray bytes. */
    private void endOfScan() throws IOException {
        int stray = available / 8;
        while (at(at) != 0xFF || at(at + 1) == 0) {
            at++;
            stray++;
        }
        if (stray > MAX_STRAY_BYTES) {
            throw damaged(pixels);
        }
        available = 0;
    }

    private IOException damaged(long pixel) {
        return new IOException(
                "its JPEG data are damaged: the lossless coding is wrong or ends at pixel %d of %d"
                        .formatted(pixel, pixels));
    }

    /** The next bits; zeros follow the last. */
    private int peek(int count) throws IOException {
        fill(count);
        long all = available >= count ? bits >> (available - count) : bits << (count - available);
        return (int) (all & ((1L << count) - 1));
    }

    private void skip(int count, long pixel) throws IOException {
        fill(count);
        if (available < count) {
            throw damaged(pixel);
        }
        available -= count;
    }

    /** Reads whole bytes until there are enough bits or a marker follows. */
    private void fill(int count) throws IOException {
        while (available < count) {
            int next = at(at);
            boolean stuffed = next == 0xFF;
            if (stuffed && at(at + 1) != 0) {
                return;
            }
            bits = bits << 8 | next;
            available += 8;
            at += stuffed ? 2 : 1;
        }
    }

    private int word(int index) throws IOException {
        return at(index) << 8 | at(index + 1);
    }

    private int at(int index) throws IOException {
        if (index >= bytes.length) {
            throw new IOException("its JPEG data are truncated");
        }
        return bytes[index] & 0xFF;
    }
}
