package org.deepcovid.core.image;

/**
 * The PNG row filters that help on radiographs: none, difference to the left, difference to above.
 */
enum PngFilter {
    NONE(0),
    LEFT(1),
    ABOVE(2);

    private final int code;

    PngFilter(int code) {
        this.code = code;
    }

    /** The filter's code and the filtered row, by the filter with the smallest differences. */
    static byte[] best(byte[] row, byte[] above, int channels) {
        byte[] best = null;
        long least = Long.MAX_VALUE;
        for (PngFilter filter : values()) {
            byte[] filtered = filter.apply(row, above, channels);
            long size = size(filtered);
            if (size < least) {
                least = size;
                best = filtered;
            }
        }
        return best;
    }

    private byte[] apply(byte[] row, byte[] above, int channels) {
        byte[] filtered = new byte[row.length + 1];
        filtered[0] = (byte) code;
        for (int i = 0; i < row.length; i++) {
            int predicted =
                    switch (this) {
                        case NONE -> 0;
                        case LEFT -> i < channels ? 0 : row[i - channels];
                        case ABOVE -> above[i];
                    };
            filtered[i + 1] = (byte) (row[i] - predicted);
        }
        return filtered;
    }

    private static long size(byte[] filtered) {
        long sum = 0;
        for (int i = 1; i < filtered.length; i++) {
            sum += Math.abs(filtered[i]);
        }
        return sum;
    }
}
