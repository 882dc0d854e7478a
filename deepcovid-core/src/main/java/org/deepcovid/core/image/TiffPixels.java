package org.deepcovid.core.image;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.deepcovid.core.image.TiffDirectory.Tag;

/**
 * Decodes the strips or tiles of a TIFF file: grey, RGB or palette; unsigned samples of 1 to 16
 * bits. The JDK's reader leaves pixels black where data is missing.
 *
 * @see <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF 6.0</a>
 */
final class TiffPixels {

    private static final int WHITE_IS_ZERO = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int YCBCR = 6;
    private static final int ASSOCIATED_ALPHA = 1;
    private static final int REVERSED_BITS = 2;
    private static final int PLANAR = 2;

    private final byte[] file;
    private final TiffDirectory directory;
    private final Optional<TiffCompression> compression;
    private final int photometric;
    private final int width;
    private final int height;
    private final int bits;
    private final int bands;
    private final int colours; // bands without alpha
    private final int planes;
    private final boolean differences;
    private final boolean tiled;
    private final int blockWidth;
    private final int blockHeight;
    private final long[] offsets;
    private final long[] lengths;
    private final boolean associatedAlpha;
    private final int[] palette;
    private final int channels;
    private final byte[] narrow; // samples of up to 8 bits, scaled to 8
    private final short[] wide; // samples of more bits, as stored
    private final int[] row;

    TiffPixels(byte[] file, TiffDirectory directory) throws IOException {
        this.file = file;
        this.directory = directory;
        compression = TiffCompression.of(directory.first(Tag.COMPRESSION, 1));
        photometric = (int) directory.value(Tag.PHOTOMETRIC_INTERPRETATION);
        width = (int) directory.value(Tag.IMAGE_WIDTH);
        height = (int) directory.value(Tag.IMAGE_LENGTH);
        bits = directory.common(Tag.BITS_PER_SAMPLE, 1);
        bands = directory.first(Tag.SAMPLES_PER_PIXEL, 1);
        colours = photometric == RGB || photometric == YCBCR ? 3 : 1;
        planes = directory.first(Tag.PLANAR_CONFIGURATION, 1) == PLANAR ? bands : 1;
        int predictor = directory.first(Tag.PREDICTOR, 1);
        boolean predicts =
                compression
                        .filter(c -> c == TiffCompression.LZW || c == TiffCompression.DEFLATE)
                        .isPresent();
        differences = predicts && predictor == 2;
        tiled = directory.has(Tag.TILE_OFFSETS);
        blockWidth = tiled ? (int) directory.value(Tag.TILE_WIDTH) : width;
        blockHeight =
                tiled
                        ? (int) directory.value(Tag.TILE_LENGTH)
                        : Math.min(height, directory.first(Tag.ROWS_PER_STRIP, height));
        requireKnown(predicts ? predictor : 1);
        offsets = directory.values(tiled ? Tag.TILE_OFFSETS : Tag.STRIP_OFFSETS);
        lengths = lengths();
        requireBlocks();
        associatedAlpha = directory.first(Tag.EXTRA_SAMPLES, 0) == ASSOCIATED_ALPHA;
        palette = photometric == PALETTE ? directory.palette() : new int[0];
        channels = photometric == PALETTE && !Samples.isGrey(palette) ? 3 : colours;
        int length = Math.multiplyExact(Math.multiplyExact(width, height), channels);
        narrow = new byte[bits <= 8 || photometric == PALETTE ? length : 0];
        wide = new short[bits > 8 && photometric != PALETTE ? length : 0];
        row = new int[Math.multiplyExact(blockWidth, bands)];
    }

    private void requireKnown(int predictor) throws IOException {
        boolean jpeg = compression.isEmpty();
        if (photometric < WHITE_IS_ZERO
                || (photometric > PALETTE && !(photometric == YCBCR && jpeg))) {
            throw new IOException(
                    "it is a TIFF with %s colours; expected grey, RGB or a palette (convert it to PNG)"
                            .formatted(
                                    switch (photometric) {
                                        case 4 -> "transparency mask";
                                        case 5 -> "CMYK";
                                        case YCBCR -> "YCbCr";
                                        case 8, 9, 10 -> "CIE Lab";
                                        default -> "unknown (%d)".formatted(photometric);
                                    }));
        }
        if (directory.common(Tag.SAMPLE_FORMAT, 1) != 1 || bits < 1 || bits > 16) {
            throw new IOException(
                    "it has signed or floating-point samples, or %d bits per sample; expected"
                                    .formatted(bits)
                            + " unsigned ones of 1 to 16 bits (convert it to PNG)");
        }
        if (bands < colours || bands > 16 || (jpeg && (bits != 8 || photometric == PALETTE))) {
            throw new IOException(
                    "it is a TIFF with %d samples of %d bits per pixel and photometric interpretation %d; the file is damaged"
                            .formatted(bands, bits, photometric));
        }
        if (predictor < 1 || predictor > 2 || (predictor == 2 && bits != 8 && bits != 16)) {
            throw new IOException(
                    "it is a TIFF with predictor %d on %d bits; expected horizontal differences of 8 or 16 bits (convert it to PNG)"
                            .formatted(predictor, bits));
        }
    }

    private long[] lengths() throws IOException {
        Tag tag = tiled ? Tag.TILE_BYTE_COUNTS : Tag.STRIP_BYTE_COUNTS;
        boolean implied =
                !directory.has(tag)
                        && compression.filter(c -> c == TiffCompression.NONE).isPresent()
                        && offsets.length == 1;
        return implied ? new long[] {file.length - offsets[0]} : directory.values(tag);
    }

    private void requireBlocks() throws IOException {
        if (blockWidth < 1 || blockHeight < 1 || blockWidth > 4L * width + 1024) {
            throw new IOException(
                    "it has strips or tiles of %d x %d pixels; the file is damaged"
                            .formatted(blockWidth, blockHeight));
        }
        long expected = (long) planes * across() * down();
        if (offsets.length < expected || lengths.length < expected) {
            throw new IOException(
                    "it has %d strip offsets and %d strip lengths; expected %d, so the file is damaged"
                            .formatted(offsets.length, lengths.length, expected));
        }
        for (int i = 0; i < expected; i++) {
            directory.require(offsets[i] + lengths[i]);
        }
    }

    private int across() {
        return (width + blockWidth - 1) / blockWidth;
    }

    private int down() {
        return (int) (((long) height + blockHeight - 1) / blockHeight);
    }

    RasterImage decode() throws IOException {
        for (int block = 0; block < planes * across() * down(); block++) {
            try {
                decode(block);
            } catch (IOException e) {
                throw new IOException(
                        "its TIFF %s %d is damaged: %s"
                                .formatted(tiled ? "tile" : "strip", block, e.getMessage()),
                        e);
            }
        }
        RasterImage image =
                narrow.length > 0
                        ? RasterImage.wrap(width, height, channels, narrow)
                        : Samples.ofWords(width, height, channels, wide, bits, declaredBits());
        if (photometric == WHITE_IS_ZERO) {
            byte[] samples = image.samples();
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) ~samples[i];
            }
        }
        return image;
    }

    private OptionalInt declaredBits() throws IOException {
        return directory.has(Tag.MAX_SAMPLE_VALUE)
                ? OptionalInt.of(
                        Integer.SIZE
                                - Integer.numberOfLeadingZeros(
                                        directory.first(Tag.MAX_SAMPLE_VALUE, 0)))
                : OptionalInt.empty();
    }

    private void decode(int block) throws IOException {
        int plane = block / (across() * down());
        int left = block % across() * blockWidth;
        int top = block / across() % down() * blockHeight;
        int rows = Math.min(blockHeight, height - top);
        int perPixel = planes == 1 ? bands : 1;
        if (compression.isEmpty()) {
            RasterImage picture = jpeg(block, rows, perPixel);
            for (int y = 0; y < rows; y++) {
                unpack(picture.samples(), y * picture.width() * perPixel, perPixel);
                store(left, top + y, plane, perPixel);
            }
            return;
        }
        int rowBytes = Math.toIntExact(((long) blockWidth * perPixel * bits + 7) / 8);
        byte[] data = new byte[Math.multiplyExact(rowBytes, rows)];
        int count = compression.get().expand(stored(block), data);
        if (count < data.length) {
            throw new IOException("it yields %d of %d bytes".formatted(count, data.length));
        }
        for (int y = 0; y < rows; y++) {
            unpack(data, y * rowBytes, perPixel);
            if (differences) {
                for (int i = perPixel; i < blockWidth * perPixel; i++) {
                    row[i] = (row[i] + row[i - perPixel]) & ((1 << bits) - 1);
                }
            }
            store(left, top + y, plane, perPixel);
        }
    }

    private byte[] stored(int block) throws IOException {
        int from = (int) offsets[block];
        byte[] data = Arrays.copyOfRange(file, from, from + (int) lengths[block]);
        if (directory.first(Tag.FILL_ORDER, 1) == REVERSED_BITS && compression.isPresent()) {
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (Integer.reverse(data[i]) >>> 24);
            }
        }
        return data;
    }

    private RasterImage jpeg(int block, int rows, int perPixel) throws IOException {
        Optional<byte[]> tables = directory.jpegTables();
        JpegStructure structure =
                tables.isPresent()
                        ? JpegStructure.whole(tables.get(), stored(block))
                        : JpegStructure.whole(stored(block));
        RasterImage picture = JpegFormat.decode(structure, photometric == YCBCR);
        if (picture.width() < blockWidth
                || picture.height() < rows
                || picture.channels() != perPixel) {
            throw new IOException(
                    "it holds a %s; expected %d x %d pixels".formatted(picture, blockWidth, rows));
        }
        return picture;
    }

    /** Unpacks one row of a block; packed samples begin with the highest bits. */
    private void unpack(byte[] data, int from, int perPixel) {
        int count = blockWidth * perPixel;
        if (bits == 8) {
            for (int i = 0; i < count; i++) {
                row[i] = data[from + i] & 0xFF;
            }
        } else if (bits == 16) {
            int high = directory.isLittleEndian() ? 1 : 0;
            for (int i = 0, at = from; i < count; i++, at += 2) {
                row[i] = (data[at + high] & 0xFF) << 8 | (data[at + 1 - high] & 0xFF);
            }
        } else {
            for (int i = 0; i < count; i++) {
                int sample = 0;
                for (int bit = i * bits; bit < (i + 1) * bits; bit++) {
                    sample = (sample << 1) | ((data[from + bit / 8] >> (7 - bit % 8)) & 1);
                }
                row[i] = sample;
            }
        }
    }

    /** Stores the samples of one row of a block that are inside the image. */
    private void store(int left, int y, int plane, int perPixel) throws IOException {
        int count = Math.min(blockWidth, width - left);
        int max = (1 << bits) - 1;
        for (int c = 0; c < perPixel; c++) {
            int band = plane + c;
            int out = (y * width + left) * channels + band;
            for (int x = 0, in = c; x < count; x++, in += perPixel, out += channels) {
                if (band >= colours) {
                    requireOpaque(band, row[in] == max);
                } else if (photometric == PALETTE) {
                    look(row[in], out);
                } else if (bits > 8) {
                    wide[out] = (short) row[in];
                } else {
                    narrow[out] = bits == 8 ? (byte) row[in] : Samples.to8Bits(row[in], max);
                }
            }
        }
    }

    private void look(int index, int out) throws IOException {
        if (index >= palette.length) {
            throw new IOException("a pixel has colour %d of %d".formatted(index, palette.length));
        }
        for (int c = 0; c < channels; c++) {
            narrow[out + c] = (byte) (palette[index] >> (16 - 8 * c));
        }
    }

    /** Alpha is dropped; colours that were multiplied by it are no longer known exactly. */
    private void requireOpaque(int band, boolean opaque) throws IOException {
        if (band == colours && associatedAlpha && !opaque) {
            throw new IOException(
                    "it has transparent pixels, whose colours are multiplied by alpha; expected"
                            + " unassociated alpha or none (convert it to PNG)");
        }
    }
}
