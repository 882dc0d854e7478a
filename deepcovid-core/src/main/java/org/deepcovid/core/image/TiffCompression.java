package org.deepcovid.core.image;

import com.twelvemonkeys.io.enc.DecoderStream;
import com.twelvemonkeys.io.enc.PackBitsDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.commons.compress.compressors.lzw.LZWInputStream;

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
            return fill(out, new Lzw(in));
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
            InputStream coded = new ByteArrayInputStream(in);
            return fill(out, new DecoderStream(coded, new PackBitsDecoder()));
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

    static int fill(byte[] out, InputStream decoded) throws IOException {
        try (decoded) {
            return decoded.readNBytes(out, 0, out.length);
        }
    }

    /** Codes of 9 to 12 bits, which grow one entry before they must. */
    private static final class Lzw extends LZWInputStream {

        private static final int END = 257;
        private static final int LONGEST = 12;

        Lzw(byte[] in) {
            super(new ByteArrayInputStream(in), ByteOrder.BIG_ENDIAN);
            setClearCode(DEFAULT_CODE_SIZE);
            initializeTables(LONGEST);
            setTableSize(END + 1);
        }

        @Override
        protected int decompressNextSymbol() throws IOException {
            int code = readNextCode();
            if (code < 0 || code == END) {
                return -1;
            }
            if (code == getClearCode()) {
                resetCodeSize();
                resetPreviousCode();
                setTableSize(END + 1);
                return 0;
            }
            if (code > getTableSize()) {
                throw new IOException("LZW code %d of %d".formatted(code, getTableSize()));
            }
            boolean repeats = code == getTableSize();
            if (repeats) {
                addRepeatOfPreviousCode();
            }
            return expandCodeToOutputStack(code, repeats);
        }

        @Override
        protected int addEntry(int previousCode, byte character) {
            int index = addEntry(previousCode, character, 1 << LONGEST);
            if (getTableSize() == (1 << getCodeSize()) - 1 && getCodeSize() < LONGEST) {
                incrementCodeSize();
            }
            return index;
        }
    }
}
