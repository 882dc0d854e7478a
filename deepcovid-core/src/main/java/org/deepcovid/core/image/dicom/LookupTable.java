package org.deepcovid.core.image.dicom;

import java.io.IOException;
import java.util.Arrays;

/**
 * A table of a Modality LUT, VOI LUT or palette (PS3.3, C.11.1, C.11.2, C.7.6.3.1.5).
 *
 * @param first input of the first entry; smaller inputs take it as well
 * @param entries the last is taken by greater inputs
 * @param max greatest value that the declared bits allow
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record LookupTable(int first, short[] entries, int max) {

    private static final int DEFAULT_ENTRIES = 1 << 16; // stands as 0 in a descriptor

    /**
     * Reads a table.
     *
     * @param signed whether the first input is signed, if the element does not say
     */
    static LookupTable of(DataSet data, Tag descriptor, Tag table, boolean signed)
            throws IOException {
        short[] numbers = data.words(descriptor, 3);
        int count = (numbers[0] & 0xFFFF) == 0 ? DEFAULT_ENTRIES : numbers[0] & 0xFFFF;
        int first = data.isSigned(descriptor, signed) ? numbers[1] : numbers[1] & 0xFFFF;
        int bits = numbers[2];
        if (bits < 1 || bits > 16) {
            throw new IOException(
                    "its %s has entries of %d bits; expected 1 to 16".formatted(descriptor, bits));
        }
        byte[] bytes = data.bytes(table);
        boolean packed = bits <= 8 && bytes.length < 2 * count; // one byte per entry
        if (packed && bytes.length < count) {
            throw new IOException(
                    "its %s has %d bytes; expected %d".formatted(table, bytes.length, count));
        }
        short[] entries = packed ? new short[count] : data.words(table, count);
        for (int i = 0; packed && i < count; i++) {
            entries[i] = (short) (bytes[i] & 0xFF);
        }
        return new LookupTable(first, Arrays.copyOf(entries, count), (1 << bits) - 1);
    }

    /** The entry for an input, not above {@link #max}. */
    int of(double input) {
        long index = Math.round(input) - first;
        int entry = entries[(int) Math.max(0, Math.min(entries.length - 1, index))] & 0xFFFF;
        return Math.min(entry, max);
    }
}
