package org.deepcovid.core.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of entropy-coded JPEG data, without the zero bytes stuffed behind bytes of 255. Behind a
 * marker or the end of the file, zeros are delivered; {@link #endsWith} tells whether any were
 * used.
 */
final class JpegBits {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long LOWEST_BITS = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;

    private final byte[] bytes;
    private int at;
    private long buffer; // the next bit is the highest; bits beyond the count are zero or repeated
    private int count;
    private int padding; // bits of the count that no byte holds

    JpegBits(byte[] bytes, int start) {
        this.bytes = bytes;
        this.at = start;
    }

    /**
     * Makes at least 32 bits available, enough for a code and its value. To be called before each
     * of these.
     */
    void fill() {
        if (count > 32) {
            return;
        }
        if (at + Long.BYTES <= bytes.length) {
            long next = (long) LONG.get(bytes, at);
            if ((~next - LOWEST_BITS & next & HIGHEST_BITS) == 0) { // no byte of 255
                int taken = (64 - count) >> 3;
                buffer |= next >>> count;
                at += taken;
                count += taken << 3;
                return;
            }
        }
        while (count <= 56) {
            buffer |= (long) nextByte() << (56 - count);
            count += 8;
        }
    }

    private int nextByte() {
        if (at >= bytes.length) {
            padding += 8;
            return 0;
        }
        int value = bytes[at] & 0xFF;
        if (value != 0xFF) {
            at++;
            return value;
        }
        if (at + 1 < bytes.length && bytes[at + 1] == 0) {
            at += 2;
            return value;
        }
        padding += 8;
        return 0;
    }

    /** The next 1 to 16 bits, which stay. */
    int peek(int length) {
        return (int) (buffer >>> (64 - length));
    }

    void skip(int length) {
        buffer <<= length;
        count -= length;
    }

    /**
     * Skips a code and reads the value behind it, of which the upper half of the range is positive
     * (ITU-T T.81, F.2.2.1).
     *
     * @param code length of the code
     * @param length of the value, 1 to 15
     */
    int signed(int code, int length) {
        int value = (int) (buffer << code >>> (64 - length));
        skip(code + length);
        int negative = (value >> (length - 1)) - 1; // all ones, or zero
        return value + (negative & ((-1 << length) + 1));
    }

    /**
     * Whether all bits were used, but for those that fill the last byte, and a marker follows; goes
     * on behind it.
     */
    boolean endsWith(int marker) {
        int left = count - padding;
        if (left < 0 || left > 7 || at + 2 > bytes.length) {
            return false;
        }
        if (bytes[at] != (byte) 0xFF || bytes[at + 1] != (byte) marker) {
            return false;
        }
        at += 2;
        buffer = 0;
        count = 0;
        padding = 0;
        return true;
    }
}
