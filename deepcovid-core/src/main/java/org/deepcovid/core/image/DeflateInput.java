package org.deepcovid.core.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.zip.DataFormatException;

/**
 * The bits of DEFLATE data that lie in pieces, each byte from its lowest bit on. Behind the last
 * piece, zeros are delivered; {@link #requireEnough} tells whether any were used.
 */
final class DeflateInput {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Iterator<ByteBuffer> pieces;
    private byte[] bytes = {};
    private int at;
    private int end;
    private long buffer; // the next bit is the lowest; those beyond the count are right or zero
    private int count;
    private int padding; // bits of the count that no byte holds

    /** Of pieces that are views of arrays. */
    DeflateInput(Iterator<ByteBuffer> pieces) {
        this.pieces = pieces;
    }

    /** Makes at least 56 bits available. */
    long fill() {
        if (at + Long.BYTES <= end) {
            buffer |= (long) LONG.get(bytes, at) << count;
            at += (63 - count) >> 3;
            count |= 56;
        } else {
            fillSlowly();
        }
        return buffer;
    }

    private void fillSlowly() {
        while (count < 56) {
            if (at < end || nextPiece()) {
                buffer |= (bytes[at++] & 0xFFL) << count;
            } else {
                padding += 8;
            }
            count += 8;
        }
    }

    private boolean nextPiece() {
        while (at == end && pieces.hasNext()) {
            ByteBuffer piece = pieces.next();
            bytes = piece.array();
            at = piece.arrayOffset() + piece.position();
            end = at + piece.remaining();
        }
        return at < end;
    }

    /** Of the bits that {@link #fill} made available. */
    void skip(int bits) {
        buffer >>>= bits;
        count -= bits;
    }

    /** The next bits, at most 32, as a number. */
    int take(int bits) {
        int value = (int) (fill() & ((1L << bits) - 1));
        skip(bits);
        return value;
    }

    /** Skips what is left of a byte that was begun. */
    void skipToByte() {
        skip(count & 7);
    }

    /**
     * Verifies that all bits so far were there.
     *
     * @throws DataFormatException if not
     */
    void requireEnough() throws DataFormatException {
        if (padding > count) {
            throw new DataFormatException("the data end too early");
        }
    }
}
