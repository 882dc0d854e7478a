package org.deepcovid.core.image;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Compressions of TIFF strips and tiles other than JPEG (TIFF 6.0, sections 9 and 13). */
enum TiffCompression {
    NONE {
        @Override
        int expand(byte[] in, byte[] out) {
            int count = Math.min(in.length, out.length);
            System.arraycopy(in, 0, out, 0, count);
            return count;
        }
    },
    LZW {
        @Override
        int expand(byte[] in, byte[] out) throws IOException {
            return new Lzw(in, out).expand();
        }
    },
    DEFLATE {
        @Override
        int expand(byte[] in, byte[] out) throws IOException {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(in);
                int count = 0;
                int more;
                do {
                    more = inflater.inflate(out, count, out.length - count);
                    count += more;
                } while (more > 0 && count < out.length);
                byte[] rest = new byte[512]; // to the checksum at the end
                while (count == out.length && inflater.inflate(rest) > 0) {}
                return count;
            } catch (DataFormatException e) {
                throw new IOException("Deflate: " + e.getMessage(), e);
            } finally {
                inflater.end();
            }
        }
    },
    PACK_BITS {
        @Override
        int expand(byte[] in, byte[] out) throws IOException {
            int to = 0;
            for (int from = 0; from + 1 < in.length && to < out.length; ) {
                int header = in[from++];
                int count = header == -128 ? 0 : header < 0 ? 1 - header : header + 1;
                if (to + count > out.length) { // runs end with a row
                    throw new IOException("a PackBits run is too long by some pixels");
                }
                if (header < 0) {
                    Arrays.fill(out, to, to + count, in[from]);
                    from += count > 0 ? 1 : 0;
                } else {
                    count = Math.min(count, in.length - from);
                    System.arraycopy(in, from, out, to, count);
                    from += count;
                }
                to += count;
            }
            return to;
        }
    };

    /** The compression of a TIFF tag; empty for JPEG. */
    static Optional<TiffCompression> of(int code) throws IOException {
        return switch (code) {
            case 1 -> Optional.of(NONE);
            case 5 -> Optional.of(LZW);
            case 7 -> Optional.empty();
            case 8, 32946 -> Optional.of(DEFLATE);
            case 32773 -> Optional.of(PACK_BITS);
            default ->
                    throw new IOException(
                            "it is a TIFF with %s compression; expected none, LZW, Deflate,"
                                            .formatted(name(code))
                                    + " PackBits or JPEG (convert it to PNG)");
        };
    }

    private static String name(int code) {
        return switch (code) {
            case 2, 3, 4 -> "CCITT fax";
            case 6 -> "old-style JPEG";
            case 34712, 33003, 33005 -> "JPEG 2000";
            case 34925 -> "LZMA";
            case 50000, 34926 -> "Zstandard";
            case 50001, 34927 -> "WebP";
            default -> "unknown (%d)".formatted(code);
        };
    }

    /**
     * Expands until the output is full or the input ends.
     *
     * @return number of bytes written
     * @throws IOException saying what is wrong with the data
     */
    abstract int expand(byte[] in, byte[] out) throws IOException;

    /** Codes of 9 to 12 bits; each is a byte, or an earlier string of the output plus a byte. */
    private static final class Lzw {

        private static final int CLEAR = 256;
        private static final int END = 257;
        private static final int CODES = 4096;

        private final byte[] in;
        private final byte[] out;
        private final int[] start = new int[CODES]; // of a code's string in the output
        private final int[] length = new int[CODES];
        private long bit;

        Lzw(byte[] in, byte[] out) {
            this.in = in;
            this.out = out;
        }

        int expand() throws IOException {
            int to = 0;
            int next = END + 1;
            int previous = -1; // start of the latest string
            int previousLength = 0;
            for (int code = read(next); code != END && to < out.length; code = read(next)) {
                if (code == CLEAR) {
                    next = END + 1;
                    previous = -1;
                    continue;
                }
                if (previous >= 0 && next < CODES) { // the latest string and the byte after it
                    start[next] = previous;
                    length[next++] = previousLength + 1;
                }
                if (code >= next || (previous < 0 && code > CLEAR)) {
                    throw new IOException("LZW code %d of %d".formatted(code, next));
                }
                previous = to;
                previousLength = code < CLEAR ? 1 : length[code];
                to = append(code, to);
            }
            return to;
        }

        private int append(int code, int to) {
            if (code < CLEAR) {
                out[to] = (byte) code;
                return to + 1;
            }
            int end = Math.min(out.length, to + length[code]);
            for (int from = start[code], i = to; i < end; i++, from++) {
                out[i] = out[from]; // may overlap
            }
            return end;
        }

        /** The next code; END where the input ends. Codes grow one entry before they must. */
        private int read(int next) {
            int bits = next < 511 ? 9 : next < 1023 ? 10 : next < 2047 ? 11 : 12;
            if (bit + bits > 8L * in.length) {
                return END;
            }
            int at = (int) (bit >> 3);
            int word = (in[at] & 0xFF) << 16 | byteAt(at + 1) << 8 | byteAt(at + 2);
            int code = word >> (24 - (int) (bit & 7) - bits) & ((1 << bits) - 1);
            bit += bits;
            return code;
        }

        private int byteAt(int at) {
            return at < in.length ? in[at] & 0xFF : 0;
        }
    }
}
