package org.deepcovid.core.image;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/**
 * The two codes of a DEFLATE block (RFC 1951, sections 3.2.5 to 3.2.7). Those of the next block
 * take the same memory.
 */
final class DeflateCodes {

    /** Longest repetition. */
    static final int MAX_LENGTH = 258;

    private static final int SYMBOL_WIDTH = 11;
    private static final int DISTANCE_WIDTH = 9;
    private static final int LENGTH_WIDTH = 7;
    private static final int END = 256;
    private static final int SYMBOLS = 286;
    private static final int DISTANCES = 30;

    private static final int[] SYMBOL_ENTRIES = symbolEntries();
    private static final int[] DISTANCE_ENTRIES =
            Arrays.copyOf(rangeEntries(DISTANCES, 1, 4, 1), DISTANCES + 2); // two have no meaning
    private static final int[] LENGTH_ENTRIES = new int[19];
    private static final int[] LENGTH_ORDER = {
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
    };

    static {
        Arrays.setAll(LENGTH_ENTRIES, length -> length << 16);
    }

    private final DeflateCode symbols = new DeflateCode(SYMBOL_ENTRIES, SYMBOL_WIDTH, true);
    private final DeflateCode distances = new DeflateCode(DISTANCE_ENTRIES, DISTANCE_WIDTH, false);
    private final DeflateCode ofLengths = new DeflateCode(LENGTH_ENTRIES, LENGTH_WIDTH, false);
    private final byte[] lengths = new byte[SYMBOLS + DISTANCES + 4];

    /** Literals, the end of the block, and lengths of repetitions. */
    DeflateCode symbols() {
        return symbols;
    }

    /** How far back repeated bytes begin. */
    DeflateCode distances() {
        return distances;
    }

    private static int[] symbolEntries() {
        int[] entries = new int[SYMBOLS + 2]; // two have no meaning
        for (int value = 0; value < END; value++) {
            entries[value] = value << 16 | DeflateCode.LITERAL;
        }
        entries[END] = DeflateCode.END;
        int[] lengths = rangeEntries(SYMBOLS - END - 2, 3, 8, 2);
        System.arraycopy(lengths, 0, entries, END + 1, lengths.length);
        entries[SYMBOLS - 1] = MAX_LENGTH << 16;
        return entries;
    }

    /** Of ranges, one behind the other, the first ones of one value; then their sizes double. */
    private static int[] rangeEntries(int count, int first, int single, int shift) {
        int[] entries = new int[count];
        int least = first;
        for (int i = 0; i < count; i++) {
            int extra = i < single ? 0 : (i >> shift) - 1;
            entries[i] = least << 16 | extra;
            least += 1 << extra;
        }
        return entries;
    }

    /** Takes those of blocks that do not describe their own. */
    void setFixed() throws DataFormatException {
        Arrays.fill(lengths, 0, 144, (byte) 8);
        Arrays.fill(lengths, 144, END, (byte) 9);
        Arrays.fill(lengths, END, 280, (byte) 7);
        Arrays.fill(lengths, 280, SYMBOLS + 2, (byte) 8);
        symbols.load(lengths, 0, SYMBOLS + 2);
        Arrays.fill(lengths, 0, DISTANCES + 2, (byte) 5);
        distances.load(lengths, 0, DISTANCES + 2);
    }

    /** Takes those that a block begins with. */
    void read(DeflateInput input) throws DataFormatException {
        int ofSymbols = input.take(5) + END + 1;
        int all = ofSymbols + input.take(5) + 1;
        if (ofSymbols > SYMBOLS || all - ofSymbols > DISTANCES) {
            throw new DataFormatException("there are too many symbols");
        }
        readLengthCode(input);
        int read = 0;
        while (read < all) {
            read = readLengths(input, read, all);
        }
        if (lengths[END] == 0) {
            throw new DataFormatException("no code ends the block");
        }
        symbols.load(lengths, 0, ofSymbols);
        distances.load(lengths, ofSymbols, all);
    }

    private void readLengthCode(DeflateInput input) throws DataFormatException {
        int count = input.take(4) + 4;
        Arrays.fill(lengths, 0, LENGTH_ORDER.length, (byte) 0);
        for (int i = 0; i < count; i++) {
            lengths[LENGTH_ORDER[i]] = (byte) input.take(3);
        }
        ofLengths.load(lengths, 0, LENGTH_ORDER.length);
        if (ofLengths.free() > 0) {
            throw new DataFormatException("these lengths make no code of lengths");
        }
    }

    private int readLengths(DeflateInput input, int at, int all) throws DataFormatException {
        int entry = ofLengths.table()[(int) input.fill() & ofLengths.mask()];
        input.skip(entry & 63);
        int symbol = entry >>> 16;
        if (symbol < 16) {
            lengths[at] = (byte) symbol;
            return at + 1;
        }
        int end =
                at
                        + switch (symbol) {
                            case 16 -> 3 + input.take(2);
                            case 17 -> 3 + input.take(3);
                            default -> 11 + input.take(7);
                        };
        if (end > all || (symbol == 16 && at == 0)) {
            throw new DataFormatException("there are too many lengths, or none to be repeated");
        }
        Arrays.fill(lengths, at, end, symbol == 16 ? lengths[at - 1] : 0);
        return end;
    }
}
