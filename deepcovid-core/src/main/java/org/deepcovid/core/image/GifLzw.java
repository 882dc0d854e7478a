package org.deepcovid.core.image;

import java.io.IOException;

/** GIF's variant of Lempel-Ziv-Welch: codes of growing width, lowest bit first. */
final class GifLzw {

    private static final int MOST_CODES = 4096;

    private final byte[] data;
    private final int clearCode;
    private final int firstWidth;
    private final short[] prefixes = new short[MOST_CODES];
    private final byte[] lastBytes = new byte[MOST_CODES];
    private final byte[] stack = new byte[MOST_CODES];
    private int bitPosition;

    /**
     * Prepares to decode.
     *
     * @param rootBits number of bits of a pixel, 1 to 8 (written as at least 2)
     * @param data the code stream
     */
    GifLzw(int rootBits, byte[] data) throws IOException {
        if (rootBits < 1 || rootBits > 8) {
            throw new IOException(
                    "it is damaged: its GIF pixels have %d bits; expected 1 to 8"
                            .formatted(rootBits));
        }
        this.data = data;
        this.clearCode = 1 << rootBits;
        this.firstWidth = rootBits + 1;
        for (int i = 0; i < clearCode; i++) {
            lastBytes[i] = (byte) i;
        }
    }

    /** Decodes exactly so many pixels. */
    byte[] decode(int pixels) throws IOException {
        byte[] out = new byte[pixels];
        int written = 0;
        int width = firstWidth;
        int next = clearCode + 2;
        int previous = -1;
        while (written < pixels) {
            int code = readCode(width);
            if (code == clearCode) {
                width = firstWidth;
                next = clearCode + 2;
                previous = -1;
                continue;
            }
            if (code == clearCode + 1 || code > next || (previous < 0 && code >= clearCode)) {
                throw new IOException(
                        "it is damaged: its GIF data breaks off or contradicts itself after %d of"
                                        .formatted(written)
                                + " %d pixels".formatted(pixels));
            }
            // the code about to be made stands for the previous string and its own first byte
            int depth = unwind(code == next ? previous : code);
            byte first = stack[depth - 1];
            for (int i = depth - 1; i >= 0 && written < pixels; i--) {
                out[written++] = stack[i];
            }
            if (code == next && written < pixels) {
                out[written++] = first;
            }
            if (previous >= 0 && next < MOST_CODES) {
                prefixes[next] = (short) previous;
                lastBytes[next] = first;
                next++;
                if (next == 1 << width && width < 12) {
                    width++;
                }
            }
            previous = code;
        }
        return out;
    }

    /** Puts a code's string on the stack, last byte first. */
    private int unwind(int code) {
        int depth = 0;
        int rest = code;
        while (rest >= clearCode) {
            stack[depth++] = lastBytes[rest];
            rest = prefixes[rest];
        }
        stack[depth++] = lastBytes[rest];
        return depth;
    }

    private int readCode(int width) throws IOException {
        int code = 0;
        for (int i = 0; i < width; i++, bitPosition++) {
            int index = bitPosition >> 3;
            if (index >= data.length) {
                throw new IOException("it is truncated within its GIF data");
            }
            code |= (data[index] >> (bitPosition & 7) & 1) << i;
        }
        return code;
    }
}
