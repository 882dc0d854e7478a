package org.deepcovid.core.image;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * The pixels of a PNG file, row by row, of which two are in memory. Grey and RGB images, with alpha
 * or without, of 8 or 16 bits and without interlacing are read; alpha is dropped.
 *
 * @see <a href="https://www.w3.org/TR/png-3/#9Filters">PNG, filtering (W3C)</a>
 */
final class PngRows {

    private static final int MOST_SIZE = 1 << 24; // of a row, in samples: no overflow below

    private final int width;
    private final int height;
    private final int bands;
    private final int bytesPerSample;
    private final Iterator<ByteBuffer> data;
    private byte[] row;
    private byte[] above;

    private PngRows(int width, int height, int bands, int bits, Iterator<ByteBuffer> data) {
        this.width = width;
        this.height = height;
        this.bands = bands;
        this.bytesPerSample = bits / 8;
        this.data = data;
        row = new byte[width * bands * bytesPerSample];
        above = new byte[row.length];
    }

    /** Empty for a file of another kind. */
    static Optional<PngRows> of(List<PngChunk> chunks) {
        ByteBuffer header = chunks.get(0).view().slice();
        if (header.capacity() != 13) {
            return Optional.empty();
        }
        int width = header.getInt(0);
        int height = header.getInt(4);
        int bits = header.get(8);
        int bands = bands(header.get(9));
        boolean plain = header.get(10) == 0 && header.get(11) == 0 && header.get(12) == 0;
        if (!plain || bands == 0 || (bits != 8 && bits != 16) || width > MOST_SIZE) {
            return Optional.empty();
        }
        Iterator<ByteBuffer> data =
                chunks.stream()
                        .filter(chunk -> chunk.type().equals("IDAT"))
                        .map(PngChunk::view)
                        .iterator();
        return Optional.of(new PngRows(width, height, bands, bits, data));
    }

    private static int bands(int colourType) {
        return switch (colourType) {
            case 0 -> 1;
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 0;
        };
    }

    /** The square that a network wants; empty if the data does not hold exactly the pixels. */
    Optional<RasterImage> resize(Preprocessing preprocessing) {
        int channels = bands < 3 ? 1 : 3;
        BilinearResize resize =
                new BilinearResize(
                        preprocessing.columns(width, height),
                        preprocessing.rows(width, height),
                        channels);
        byte[] samples = new byte[width * channels];
        try {
            ZlibStream stream = new ZlibStream(data);
            for (int y = 0; y < height; y++) {
                if (!readRow(stream)) {
                    return Optional.empty();
                }
                resize.row(y, inSamples(channels, samples), 0);
            }
            boolean isAtEnd = stream.read(new byte[1], 0, 1) == 0;
            return isAtEnd ? Optional.of(resize.result()) : Optional.empty();
        } catch (DataFormatException e) {
            return Optional.empty();
        }
    }

    private boolean readRow(ZlibStream stream) throws DataFormatException {
        byte[] previous = above;
        above = row;
        row = previous;
        byte[] filter = new byte[1];
        return stream.read(filter, 0, 1) == 1
                && stream.read(row, 0, row.length) == row.length
                && unfilter(filter[0]);
    }

    private boolean unfilter(int filter) {
        int step = bands * bytesPerSample;
        switch (filter) {
            case 0 -> {}
            case 1 -> addLeft(step);
            case 2 -> addAbove();
            case 3 -> addAverage(step);
            case 4 -> addPaeth(step);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void addLeft(int step) {
        for (int i = step; i < row.length; i++) {
            row[i] += row[i - step];
        }
    }

    private void addAbove() {
        for (int i = 0; i < row.length; i++) {
            row[i] += above[i];
        }
    }

    /** Band by band, so that the left neighbour stays in a register. */
    private void addAverage(int step) {
        for (int band = 0; band < step; band++) {
            int left = 0;
            for (int i = band; i < row.length; i += step) {
                left = (row[i] + ((left + (above[i] & 0xFF)) >> 1)) & 0xFF;
                row[i] = (byte) left;
            }
        }
    }

    private void addPaeth(int step) {
        for (int band = 0; band < step; band++) {
            int left = 0;
            int corner = 0;
            for (int i = band; i < row.length; i += step) {
                int up = above[i] & 0xFF;
                left = (row[i] + paeth(left, up, corner)) & 0xFF;
                row[i] = (byte) left;
                corner = up;
            }
        }
    }

    /**
     * Of three neighbours, the one closest to {@code left + up - corner}. That is the smaller or
     * the larger of two if the third is about as far beyond the other, and the third if it lies in
     * between. Without branches: on noise a processor would guess every second one wrong.
     */
    static int paeth(int left, int up, int corner) {
        int low = Math.min(left, up);
        int high = Math.max(left, up);
        int limit = 3 * corner - up - left;
        int isLow = (high - limit - 1) >> 31; // all ones, or zero
        int isHigh = (limit - low - 1) >> 31;
        return corner ^ ((low ^ corner) & isLow) ^ ((high ^ corner) & isHigh);
    }

    /** The row in 8 bits and without alpha. */
    private byte[] inSamples(int channels, byte[] samples) {
        if (bytesPerSample == 1 && channels == bands) {
            return row;
        }
        int out = 0;
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < channels; c++) {
                samples[out++] = sample(x * bands + c);
            }
        }
        return samples;
    }

    private byte sample(int index) {
        return bytesPerSample == 1
                ? row[index]
                : Samples.to8Bits(
                        (row[2 * index] & 0xFF) << 8 | (row[2 * index + 1] & 0xFF), 65535);
    }
}
