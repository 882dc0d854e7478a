package org.deepcovid.core.image;

import static org.deepcovid.core.image.DeflateCode.END;
import static org.deepcovid.core.image.DeflateCode.LITERAL;
import static org.deepcovid.core.image.DeflateCode.LONGER;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;

/**
 * What zlib data hold (RFC 1950, RFC 1951), of which no more than a window is in memory. Faster
 * than {@link java.util.zip.Inflater} on pixels, most of which are literals: two of them are found
 * in one look where their codes are short.
 */
final class ZlibStream {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int WINDOW = 1 << 15; // longest distance back
    private static final int AHEAD = 1 << 14; // bytes that are decoded at once, about
    private static final int LITERALS_AT_ONCE = 4; // looks into the table, of 11 bits each
    private static final int NEAR = 16; // bytes after which a short period can be copied in longs
    private static final int SLACK = DeflateCodes.MAX_LENGTH + 32; // of one repetition, in longs

    private enum State {
        BETWEEN_BLOCKS,
        IN_STORED_BLOCK,
        IN_CODED_BLOCK,
        AT_END
    }

    private final DeflateInput input;
    private final DeflateCodes codes = new DeflateCodes();
    private final Adler32 checksum = new Adler32();
    private final byte[] window = new byte[WINDOW + AHEAD + SLACK];
    private int delivered; // of the window
    private int decoded; // of the window
    private State state = State.BETWEEN_BLOCKS;
    private boolean isLast;
    private int stored; // bytes left of a stored block

    /**
     * Begins to read.
     *
     * @param pieces of the data, views of arrays
     * @throws DataFormatException if they do not begin like zlib data
     */
    ZlibStream(Iterator<ByteBuffer> pieces) throws DataFormatException {
        input = new DeflateInput(pieces);
        int method = input.take(8);
        int flags = input.take(8);
        boolean needsDictionary = (flags & 0x20) != 0;
        if ((method & 0xF) != 8 || method >> 4 > 7 || (method << 8 | flags) % 31 != 0) {
            throw new DataFormatException("these are no zlib data");
        }
        if (needsDictionary) {
            throw new DataFormatException("the data need a dictionary");
        }
    }

    /**
     * Reads bytes; fewer than wanted only at the end of the data, whose checksum has been verified
     * then.
     *
     * @throws DataFormatException if the data are damaged
     */
    int read(byte[] target, int offset, int length) throws DataFormatException {
        int read = 0;
        while (read < length && (delivered < decoded || decodeMore())) {
            int count = Math.min(length - read, decoded - delivered);
            System.arraycopy(window, delivered, target, offset + read, count);
            delivered += count;
            read += count;
        }
        return read;
    }

    /** Whether there was more. */
    private boolean decodeMore() throws DataFormatException {
        while (delivered == decoded && state != State.AT_END) {
            slide();
            switch (state) {
                case BETWEEN_BLOCKS -> beginBlock();
                case IN_STORED_BLOCK -> copyStored();
                default -> decodeSymbols();
            }
            input.requireEnough();
            checksum.update(window, delivered, decoded - delivered);
        }
        return delivered < decoded;
    }

    private void slide() {
        if (decoded > WINDOW) {
            System.arraycopy(window, decoded - WINDOW, window, 0, WINDOW);
            decoded = WINDOW;
            delivered = WINDOW;
        }
    }

    private void beginBlock() throws DataFormatException {
        if (isLast) {
            requireChecksum();
            state = State.AT_END;
            return;
        }
        isLast = input.take(1) == 1;
        switch (input.take(2)) {
            case 0 -> beginStored();
            case 1 -> beginFixed();
            case 2 -> beginCoded();
            default -> throw new DataFormatException("there is no such kind of block");
        }
    }

    private void requireChecksum() throws DataFormatException {
        input.skipToByte();
        int expected = Integer.reverseBytes(input.take(32));
        if (expected != (int) checksum.getValue()) {
            throw new DataFormatException("the checksum of the data is wrong");
        }
    }

    private void beginStored() throws DataFormatException {
        input.skipToByte();
        stored = input.take(16);
        if (input.take(16) != (stored ^ 0xFFFF)) {
            throw new DataFormatException("a block's length is damaged");
        }
        state = State.IN_STORED_BLOCK;
    }

    private void copyStored() {
        int count = Math.min(stored, AHEAD);
        for (int i = 0; i < count; i++) {
            window[decoded++] = (byte) input.take(8);
        }
        stored -= count;
        if (stored == 0) {
            state = State.BETWEEN_BLOCKS;
        }
    }

    private void beginFixed() throws DataFormatException {
        codes.setFixed();
        state = State.IN_CODED_BLOCK;
    }

    private void beginCoded() throws DataFormatException {
        codes.read(input);
        state = State.IN_CODED_BLOCK;
    }

    private void decodeSymbols() throws DataFormatException {
        int[] table = codes.symbols().table();
        int mask = codes.symbols().mask();
        byte[] out = window;
        int at = decoded;
        int limit = WINDOW + AHEAD;
        while (at < limit && state == State.IN_CODED_BLOCK) {
            long bits = input.fill();
            int used = 0;
            int entry = table[(int) bits & mask];
            for (int i = 0; i < LITERALS_AT_ONCE && (entry & LITERAL) != 0; i++) {
                SHORT.set(out, at, (short) (entry >>> 16));
                at += entry >> 8 & 3;
                used += entry & 63;
                bits >>>= entry;
                entry = table[(int) bits & mask];
            }
            input.skip(used);
            if ((entry & LITERAL) == 0) {
                at = decodeOther(entry, at);
            }
        }
        decoded = at;
    }

    /** A repetition, the end of the block, or a literal whose code is long. */
    private int decodeOther(int first, int at) throws DataFormatException {
        long bits = input.fill();
        int used = first & 63;
        int entry = first;
        if ((entry & LONGER) != 0) {
            bits >>>= entry;
            entry = codes.symbols().longer(entry, bits);
            used += entry & 63;
        }
        if ((entry & (LITERAL | END)) != 0) {
            input.skip(used);
            return endOrLiteral(entry, at);
        }
        int length = value(entry, bits);
        bits >>>= entry;
        DeflateCode code = codes.distances();
        int other = code.table()[(int) bits & code.mask()];
        used += other & 63;
        if ((other & LONGER) != 0) {
            bits >>>= other;
            other = code.longer(other, bits);
            used += other & 63;
        }
        input.skip(used);
        requireCode(entry);
        requireCode(other);
        return repeat(length, value(other, bits), at);
    }

    private int endOrLiteral(int entry, int at) {
        if ((entry & END) != 0) {
            state = State.BETWEEN_BLOCKS;
            return at;
        }
        window[at] = (byte) (entry >>> 16);
        return at + 1;
    }

    /** The least value of a symbol, and what the bits behind its code add. */
    private static int value(int entry, long bits) {
        return (entry >>> 16) + (int) ((bits & ((1L << entry) - 1)) >>> (entry >> 8 & 15));
    }

    private static void requireCode(int entry) throws DataFormatException {
        if (entry >>> 16 == 0) {
            throw new DataFormatException("no code begins like that");
        }
    }

    private int repeat(int length, int distance, int at) throws DataFormatException {
        int from = at - distance;
        if (from < 0) {
            throw new DataFormatException("what is to be repeated lies before the data");
        }
        if (distance >= Long.BYTES) {
            copyLongs(from, at, length);
        } else {
            for (int i = 0; i < NEAR; i++) {
                window[at + i] = window[from + i];
            }
            copyLongs(at + NEAR - NEAR / distance * distance, at + NEAR, length - NEAR);
        }
        return at + length;
    }

    /** From at least 8 bytes back. Up to 16 bytes behind the copy are overwritten. */
    private void copyLongs(int from, int to, int length) {
        byte[] out = window;
        LONG.set(out, to, (long) LONG.get(out, from));
        LONG.set(out, to + 8, (long) LONG.get(out, from + 8));
        for (int i = 16; i < length; i += Long.BYTES) {
            LONG.set(out, to + i, (long) LONG.get(out, from + i));
        }
    }
}
