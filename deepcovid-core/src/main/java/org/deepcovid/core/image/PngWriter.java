package org.deepcovid.core.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;

/**
 * Writes images as 8-bit grey or RGB PNG files with textual metadata. Equal images give equal
 * bytes.
 *
 * <p>Format: W3C, Portable Network Graphics (PNG) Specification, second edition, 2003.
 */
public final class PngWriter {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int MAX_KEYWORD_LENGTH = 79;

    private PngWriter() {}

    /**
     * Writes a file, first under a temporary name in the same folder, unless it exists with the
     * same bytes.
     *
     * @param image to be written
     * @param texts metadata by keyword (1 to 79 characters), written as Latin-1 in the map's order;
     *     shown by image viewers
     * @param file to be written
     * @param ifExists what to do if the file exists
     * @throws IllegalArgumentException if a keyword or text cannot be written in Latin-1, or a
     *     keyword has another length
     * @throws UncheckedIOException if the file exists with other bytes and must not be replaced, or
     *     cannot be written; the message names it
     */
    public static void write(
            RasterImage image, Map<String, String> texts, Path file, IfExists ifExists) {
        byte[] bytes = encode(image, texts);
        try {
            AtomicFile.writeIfDifferent(file, ifExists, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + AtomicFile.reason(e), e);
        }
    }

    /**
     * The bytes of a PNG file.
     *
     * @param image to be encoded
     * @param texts as for {@link #write}
     * @return a complete file
     * @throws IllegalArgumentException as for {@link #write}
     */
    public static byte[] encode(RasterImage image, Map<String, String> texts) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        chunk(file, "IHDR", header(image));
        texts.forEach((keyword, text) -> chunk(file, "tEXt", text(keyword, text)));
        chunk(file, "IDAT", pixels(image));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        writeInt(file, data.length);
        file.writeBytes(name);
        file.writeBytes(data);
        writeInt(file, (int) crc.getValue());
    }

    private static void writeInt(ByteArrayOutputStream out, int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
    }

    private static byte[] header(RasterImage image) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        writeInt(header, image.width());
        writeInt(header, image.height());
        int colour = image.channels() == 1 ? GREY : RGB;
        header.writeBytes(new byte[] {8, (byte) colour, 0, 0, 0});
        return header.toByteArray();
    }

    private static byte[] text(String keyword, String text) {
        CharsetEncoder latin1 = StandardCharsets.ISO_8859_1.newEncoder();
        boolean fits =
                !keyword.isBlank()
                        && keyword.length() <= MAX_KEYWORD_LENGTH
                        && latin1.canEncode(keyword + text)
                        && (keyword + text).indexOf('\0') < 0;
        if (!fits) {
            throw new IllegalArgumentException(
                    "PNG text '%s' = '%s'; expected Latin-1, with a keyword of 1 to %d characters"
                            .formatted(keyword, text, MAX_KEYWORD_LENGTH));
        }
        return (keyword + '\0' + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] pixels(RasterImage image) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater();
        try (OutputStream out = new DeflaterOutputStream(compressed, deflater)) {
            int rowLength = image.width() * image.channels();
            byte[] above = new byte[rowLength];
            for (int y = 0; y < image.height(); y++) {
                byte[] row = new byte[rowLength];
                System.arraycopy(image.samples(), y * rowLength, row, 0, rowLength);
                out.write(Filter.best(row, above, image.channels()));
                above = row;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        } finally {
            deflater.end();
        }
        return compressed.toByteArray();
    }

    /**
     * The PNG row filters that help on radiographs: none, difference to the left, difference to the
     * row above.
     */
    private enum Filter {
        NONE(0),
        LEFT(1),
        ABOVE(2);

        private final int code;

        Filter(int code) {
            this.code = code;
        }

        /** Filter type and filtered row, by the filter with the smallest sum of differences. */
        static byte[] best(byte[] row, byte[] above, int channels) {
            byte[] best = null;
            long smallest = Long.MAX_VALUE;
            for (Filter filter : values()) {
                byte[] filtered = filter.apply(row, above, channels);
                long size = size(filtered);
                if (size < smallest) {
                    smallest = size;
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
}
