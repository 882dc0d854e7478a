package org.deepcovid.core.image;

/** A Huffman code of a JPEG file (ITU-T T.81, annex C and F.2.2.3). */
final class JpegCode {

    private static final int LONGEST = 16;
    private static final int QUICK = 10; // bits that are looked up at once

    private final short[] quick = new short[1 << QUICK]; // length << 8 | symbol; 0 if longer
    private final int[] ends = new int[LONGEST + 1]; // behind the last code of each length
    private final int[] shifts = new int[LONGEST + 1]; // from a code to its symbol's index
    private final byte[] symbols;

    /**
     * Builds a code.
     *
     * @param counts number of codes of each length, 1 to 16
     * @param symbols in the order of their codes
     * @throws IllegalArgumentException if there are more codes of a length than it allows; the one
     *     of ones alone must stay free
     */
    JpegCode(int[] counts, byte[] symbols) {
        this.symbols = symbols;
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            shifts[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++) {
                enter(code++, length, symbols[index++]);
            }
            if (counts[length - 1] > 0 && code >= 1 << length) {
                throw new IllegalArgumentException("too many codes of %d bits".formatted(length));
            }
            ends[length] = code;
            code <<= 1;
        }
    }

    private void enter(int code, int length, byte symbol) {
        if (length <= QUICK && code < 1 << length) {
            int spare = QUICK - length;
            for (int rest = 0; rest < 1 << spare; rest++) {
                quick[(code << spare) + rest] = (short) (length << 8 | (symbol & 0xFF));
            }
        }
    }

    /**
     * Finds the next symbol, whose bits stay.
     *
     * @return its length in bits times 256, plus 0 to 255; negative if no code begins like that
     */
    int find(JpegBits bits) {
        int found = quick[bits.peek(QUICK)];
        return found != 0 ? found : findLong(bits);
    }

    private int findLong(JpegBits bits) {
        for (int length = QUICK + 1; length <= LONGEST; length++) {
            int code = bits.peek(length);
            if (code < ends[length]) {
                return length << 8 | (symbols[shifts[length] + code] & 0xFF);
            }
        }
        return -1;
    }
}
