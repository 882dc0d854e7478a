package org.deepcovid.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes the pixels of a PNG file: every colour type and bit depth, interlaced or not. Alpha is
 * dropped. About twice as fast as the JDK's reader on rows with Paeth filters.
 *
 * @see <a href="https://www.w3.org/TR/png-3/#9Filters">PNG, filtering (W3C)</a>
 */
final class PngPixels {

    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    /** A pass of an interlaced file: first column and row, and steps. */
    private record Pass(int left, int top, int across, int down) {}

    private static final List<Pass> WHOLE = List.of(new Pass(0, 0, 1, 1));
    private static final List<Pass> ADAM7 =
            List.of(
                    new Pass(0, 0, 8, 8),
                    new Pass(4, 0, 8, 8),
                    new Pass(0, 4, 4, 8),
                    new Pass(2, 0, 4, 4),
                    new Pass(0, 2, 2, 4),
                    new Pass(1, 0, 2, 2),
                    new Pass(0, 1, 1, 2));

    private final int width;
    private final int height;
    private final int bits;
    private final int bands;
    private final Optional<Palette> palette;
    private final OptionalInt significantBits;
    private final List<Pass> passes;
    private final Iterator<ByteBuffer> data;
    private final Inflater inflater = new Inflater();
    private byte[] row = {}; // filter type, then samples as stored
    private byte[] above = {};

    private PngPixels(List<PngChunk> chunks) throws IOException {
        ByteBuffer header = chunks.get(0).view().slice();
        width = header.getInt(0);
        height = header.getInt(4);
        bits = header.get(8);
        int colourType = header.get(9);
        bands = bands(colourType, bits);
        palette = colourType == PALETTE ? Optional.of(Palette.of(chunks)) : Optional.empty();
        significantBits = significantBits(chunks, bands < 3 ? 1 : 3);
        int interlace = header.get(12);
        if (header.get(10) != 0 || header.get(11) != 0 || interlace < 0 || interlace > 1) {
            throw new IOException(
                    "its PNG header has compression %d, filter %d, interlace %d; expected 0, 0 and 0 or 1"
                            .formatted(header.get(10), header.get(11), interlace));
        }
        passes = interlace == 0 ? WHOLE : ADAM7;
        data = chunks.stream().filter(c -> c.type().equals("IDAT")).map(PngChunk::view).iterator();
    }

    /** The largest number of significant bits of a colour (sBIT). */
    private static OptionalInt significantBits(List<PngChunk> chunks, int colours) {
        return chunks.stream()
                .filter(chunk -> chunk.type().equals("sBIT"))
                .map(PngChunk::content)
                .flatMapToInt(
                        content ->
                                IntStream.range(0, Math.min(colours, content.length))
                                        .map(i -> content[i]))
                .max();
    }

    private static int bands(int colourType, int bits) throws IOException {
        boolean packed = bits == 1 || bits == 2 || bits == 4;
        boolean known =
                switch (colourType) {
                    case GREY -> packed || bits == 8 || bits == 16;
                    case PALETTE -> packed || bits == 8;
                    case RGB, GREY_ALPHA, RGB_ALPHA -> bits == 8 || bits == 16;
                    default -> false;
                };
        if (!known) {
            throw new IOException(
                    "its PNG header has colour type %d with %d bits; the file is damaged"
                            .formatted(colourType, bits));
        }
        return switch (colourType) {
            case RGB -> 3;
            case GREY_ALPHA -> 2;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    /**
     * Decodes the image.
     *
     * @param chunks of the file, the header first
     * @throws IOException if the header is invalid, or the data is damaged or incomplete
     */
    static RasterImage decode(List<PngChunk> chunks) throws IOException {
        PngPixels pixels = new PngPixels(chunks);
        try {
            return pixels.decode();
        } catch (DataFormatException e) {
            throw new IOException("its PNG pixel data is damaged: " + e.getMessage(), e);
        } finally {
            pixels.inflater.end();
        }
    }

    private RasterImage decode() throws IOException, DataFormatException {
        int channels = palette.map(Palette::channels).orElse(bands < 3 ? 1 : 3);
        int length = Math.multiplyExact(Math.multiplyExact(width, height), channels);
        byte[] samples = new byte[bits == 16 ? 0 : length];
        short[] words = new short[bits == 16 ? length : 0];
        for (Pass pass : passes) {
            decode(pass, channels, samples, words);
        }
        inflater.inflate(new byte[1]); // verifies the checksum at the end of the data
        return bits == 16
                ? Samples.ofWords(width, height, channels, words, bits, significantBits)
                : RasterImage.wrap(width, height, channels, samples);
    }

    private void decode(Pass pass, int channels, byte[] samples, short[] words)
            throws IOException, DataFormatException {
        int across = steps(width - pass.left(), pass.across());
        int down = across == 0 ? 0 : steps(height - pass.top(), pass.down());
        int length = 1 + (int) (((long) across * bands * bits + 7) / 8);
        row = new byte[length];
        above = new byte[length];
        for (int i = 0; i < down; i++) {
            int y = pass.top() + i * pass.down();
            readRow(y);
            int out = (y * width + pass.left()) * channels;
            if (bits == 8 && channels == bands && pass.across() == 1 && palette.isEmpty()) {
                System.arraycopy(row, 1, samples, out, length - 1);
            } else {
                for (int x = 0; x < across; x++, out += channels * pass.across()) {
                    for (int c = 0; c < channels; c++) {
                        if (bits == 16) {
                            words[out + c] = word(1 + 2 * (x * bands + c));
                        } else {
                            samples[out + c] = sample(x, c);
                        }
                    }
                }
            }
        }
    }

    private static int steps(int length, int step) {
        return length <= 0 ? 0 : (length + step - 1) / step;
    }

    private byte sample(int x, int channel) throws IOException {
        if (palette.isPresent()) {
            return palette.get().sample(packed(x), channel);
        }
        int index = x * bands + channel;
        return bits == 8 ? row[1 + index] : Samples.to8Bits(packed(index), (1 << bits) - 1);
    }

    private short word(int at) {
        return (short) (row[at] << 8 | (row[at + 1] & 0xFF));
    }

    /** A sample of 1 to 8 bits; the first of a byte is in its highest bits. */
    private int packed(int index) {
        int perByte = 8 / bits;
        int shift = 8 - bits * (index % perByte + 1);
        return row[1 + index / perByte] >> shift & ((1 << bits) - 1);
    }

    private void readRow(int y) throws IOException, DataFormatException {
        byte[] previous = above;
        above = row;
        row = previous;
        int read = 0;
        while (read < row.length) {
            int count = inflater.inflate(row, read, row.length - read);
            read += count;
            if (count == 0 && !provideInput()) {
                throw new IOException(
                        "it is truncated: its pixel data ends in row %d of %d"
                                .formatted(y, height));
            }
        }
        unfilter(Math.max(1, bands * bits / 8));
    }

    private boolean provideInput() {
        if (!inflater.needsInput() || !data.hasNext()) {
            return false;
        }
        inflater.setInput(data.next());
        return true;
    }

    private void unfilter(int step) throws IOException {
        switch (row[0]) {
            case 0 -> {}
            case 1 -> addLeft(step);
            case 2 -> addAbove();
            case 3 -> addAverage(step);
            case 4 -> addPaeth(step);
            default -> throw new IOException("it is damaged: PNG row filter " + row[0]);
        }
    }

    private void addLeft(int step) {
        for (int i = 1 + step; i < row.length; i++) {
            row[i] += row[i - step];
        }
    }

    private void addAbove() {
        for (int i = 1; i < row.length; i++) {
            row[i] += above[i];
        }
    }

    /** Band by band, so that the JIT compiler keeps the left neighbour in a register. */
    private void addAverage(int step) {
        for (int first = 1; first <= step; first++) {
            int left = 0;
            for (int i = first; i < row.length; i += step) {
                left = (row[i] + ((left + (above[i] & 0xFF)) >> 1)) & 0xFF;
                row[i] = (byte) left;
            }
        }
    }

    private void addPaeth(int step) {
        for (int first = 1; first <= step; first++) {
            int left = 0;
            int corner = 0;
            for (int i = first; i < row.length; i += step) {
                int up = above[i] & 0xFF;
                left = (row[i] + paeth(left, up, corner)) & 0xFF;
                row[i] = (byte) left;
                corner = up;
            }
        }
    }

    /**
     * The Paeth predictor: of three neighbours, the one closest to {@code left + up - corner}.
     * Branch-free, because branches would be mispredicted on noisy images.
     */
    private static int paeth(int left, int up, int corner) {
        int low = Math.min(left, up);
        int high = Math.max(left, up);
        int limit = 3 * corner - up - left;
        int isLow = (high - limit - 1) >> 31; // all ones, or zero
        int isHigh = (limit - low - 1) >> 31;
        return corner ^ ((low ^ corner) & isLow) ^ ((high ^ corner) & isHigh);
    }

    /** Colours as stored in the PLTE chunk, three bytes each. */
    private static final class Palette {

        private final byte[] colours;

        Palette(byte[] colours) {
            this.colours = colours;
        }

        static Palette of(List<PngChunk> chunks) throws IOException {
            for (PngChunk chunk : chunks) {
                if (chunk.type().equals("PLTE")) {
                    return new Palette(chunk.content());
                }
            }
            throw new IOException("it has no palette (PLTE chunk); the file is damaged");
        }

        /** 1 if all colours are grey, otherwise 3. */
        int channels() {
            for (int i = 0; i + 2 < colours.length; i += 3) {
                if (colours[i] != colours[i + 1] || colours[i] != colours[i + 2]) {
                    return 3;
                }
            }
            return 1;
        }

        byte sample(int index, int channel) throws IOException {
            int at = 3 * index + channel;
            if (at >= colours.length) {
                throw new IOException(
                        "it is damaged: a pixel has colour %d of %d"
                                .formatted(index, colours.length / 3));
            }
            return colours[at];
        }
    }
}
