package org.deepcovid.core.image;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/**
 * A Huffman code of a DEFLATE block (RFC 1951, section 3.2), as a table in which the next bits are
 * looked up. An entry is one number:
 *
 * <ul>
 *   <li>bits 0 to 5: how many bits it takes, those of the code and of the extra value behind it;
 *   <li>bits 8 to 11: how many of them are the code's;
 *   <li>bits 12 to 14: {@link #LITERAL}, {@link #END} or {@link #LONGER};
 *   <li>bits 16 to 31: the symbol's value; of a length or a distance, the least.
 * </ul>
 *
 * No code begins with the bits of an entry of 0.
 */
final class DeflateCode {

    /** Of a literal; its value is a byte. */
    static final int LITERAL = 1 << 12;

    /** Of a block's end. */
    static final int END = 1 << 13;

    /** Of a code that is longer than the bits looked up; see {@link #longer}. */
    static final int LONGER = 1 << 14;

    private static final int LONGEST = 15;

    private final int[] entries;
    private final int mostWidth;
    private final boolean pairs;
    private final int[] counts = new int[LONGEST + 1]; // of codes of each length
    private final int[] next = new int[LONGEST + 2]; // code of each length
    private int width; // bits that are looked up at first
    private int longest;
    private int[] table;
    private int used; // entries of the table

    /**
     * A code of which nothing is known yet.
     *
     * @param entries of the symbols, without their codes' lengths
     * @param width most bits to look up at once, at most 12
     * @param pairs whether two literals in a row shall be looked up at once
     */
    DeflateCode(int[] entries, int width, boolean pairs) {
        this.entries = entries;
        this.mostWidth = width;
        this.pairs = pairs;
        this.table = new int[1 << width];
    }

    /**
     * Becomes another code, in the same memory.
     *
     * @param lengths of the symbols' codes in bits; 0 of a symbol without one
     * @param from the first symbol's place
     * @param to behind the last symbol's
     * @throws DataFormatException if the lengths are those of no code, or leave bits without
     *     meaning, other than where there is no code but one of a single bit
     */
    void load(byte[] lengths, int from, int to) throws DataFormatException {
        Arrays.fill(counts, 0);
        for (int i = from; i < to; i++) {
            counts[lengths[i]]++;
        }
        counts[0] = 0;
        longest = LONGEST;
        while (longest > 1 && counts[longest] == 0) {
            longest--;
        }
        if (free() < 0 || (free() > 0 && longest > 1)) {
            throw new DataFormatException("these lengths make no code");
        }
        Arrays.fill(table, 0);
        width = Math.min(mostWidth, longest);
        used = 1 << width;
        enterAll(lengths, from, to);
        if (pairs) {
            pair();
        }
    }

    /** Codes of the longest length that are left over; negative if there are too few. */
    int free() {
        int free = 1;
        for (int length = 1; length <= longest; length++) {
            free = 2 * free - counts[length];
            if (free < 0) {
                return free;
            }
        }
        return free;
    }

    private void enterAll(byte[] lengths, int from, int to) {
        next[1] = 0;
        for (int length = 1; length <= LONGEST; length++) {
            next[length + 1] = (next[length] + counts[length]) << 1;
        }
        for (int i = from; i < to; i++) {
            int length = lengths[i];
            if (length > 0) {
                int bits = Integer.reverse(next[length]++) >>> (Integer.SIZE - length);
                enter(bits, length, entries[i - from]);
            }
        }
    }

    private void enter(int bits, int length, int entry) {
        if (length <= width) {
            fill(0, width, bits, length, entry);
            return;
        }
        int first = bits & mask();
        if (table[first] == 0) {
            table[first] = used << 16 | LONGER | width;
            used += 1 << (longest - width);
            if (used > table.length) {
                table = Arrays.copyOf(table, 2 * used);
            }
        }
        fill(table[first] >>> 16, longest - width, bits >>> width, length - width, entry);
    }

    /** Enters a code wherever its bits come first, in a part of the table. */
    private void fill(int start, int size, int bits, int length, int entry) {
        int whole = entry + (length << 8 | length);
        for (int i = bits; i < 1 << size; i += 1 << length) {
            table[start + i] = whole;
        }
    }

    /**
     * Joins entries of literals with what follows, if that is a literal too and its code is within
     * the bits looked up. From the last entry on: what follows stands further ahead.
     */
    private void pair() {
        for (int i = mask(); i >= 0; i--) {
            int one = table[i];
            if ((one & LITERAL) != 0) {
                int length = one & 63;
                int other = table[i >>> length];
                int both = length + (other & 63);
                boolean paired = (other & LITERAL) != 0 && both <= width;
                table[i] =
                        paired
                                ? (one & 0xFF0000)
                                        + (other << 8 & 0xFF000000)
                                        + LITERAL
                                        + (2 << 8 | both)
                                : (one & 0xFF0000) + LITERAL + (1 << 8 | length);
            }
        }
    }

    int[] table() {
        return table;
    }

    /** Of the bits that are looked up in the table. */
    int mask() {
        return (1 << width) - 1;
    }

    /**
     * The entry of a longer code.
     *
     * @param entry of its first bits
     * @param bits that follow these
     */
    int longer(int entry, long bits) {
        return table[(entry >>> 16) + ((int) bits & ((1 << (longest - width)) - 1))];
    }
}
