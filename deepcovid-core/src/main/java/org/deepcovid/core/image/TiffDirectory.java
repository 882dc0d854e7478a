package org.deepcovid.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The tags of a TIFF file's first page. */
final class TiffDirectory {

    /** Tags in use, by the names of the TIFF 6.0 specification. */
    enum Tag {
        IMAGE_WIDTH(256),
        IMAGE_LENGTH(257),
        BITS_PER_SAMPLE(258),
        COMPRESSION(259),
        PHOTOMETRIC_INTERPRETATION(262),
        FILL_ORDER(266),
        STRIP_OFFSETS(273),
        SAMPLES_PER_PIXEL(277),
        ROWS_PER_STRIP(278),
        STRIP_BYTE_COUNTS(279),
        MAX_SAMPLE_VALUE(281),
        PLANAR_CONFIGURATION(284),
        PREDICTOR(317),
        COLOR_MAP(320),
        TILE_WIDTH(322),
        TILE_LENGTH(323),
        TILE_OFFSETS(324),
        TILE_BYTE_COUNTS(325),
        EXTRA_SAMPLES(338),
        SAMPLE_FORMAT(339),
        JPEG_TABLES(347);

        private final int code;

        Tag(int code) {
            this.code = code;
        }
    }

    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int UNDEFINED = 7;

    private final byte[] bytes;
    private final ByteBuffer buffer;
    private final Map<Integer, Integer> entries = new HashMap<>(); // tag to offset of its entry

    private TiffDirectory(byte[] bytes) {
        this.bytes = bytes;
        buffer = ByteBuffer.wrap(bytes);
        buffer.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    static TiffDirectory first(byte[] bytes) throws IOException {
        TiffDirectory directory = new TiffDirectory(bytes);
        long start = directory.unsignedInt(4);
        int count = directory.unsignedShort(start);
        for (int i = 0; i < count; i++) {
            long entry = start + 2 + 12L * i;
            directory.entries.put(directory.unsignedShort(entry), (int) entry);
        }
        return directory;
    }

    boolean has(Tag tag) {
        return entries.containsKey(tag.code);
    }

    boolean isLittleEndian() {
        return buffer.order() == ByteOrder.LITTLE_ENDIAN;
    }

    /** The one value of a tag that must be present. */
    long value(Tag tag) throws IOException {
        long[] values = values(tag);
        if (values.length != 1) {
            throw new IOException(
                    "its TIFF tag %s has %d values; expected 1".formatted(tag, values.length));
        }
        return values[0];
    }

    /** The first value of a tag, or a default. */
    int first(Tag tag, long absent) throws IOException {
        long[] values = has(tag) ? values(tag) : new long[] {absent};
        return values.length == 0 ? (int) absent : (int) Math.min(Integer.MAX_VALUE, values[0]);
    }

    /** The common value of all samples, or a default. */
    int common(Tag tag, int absent) throws IOException {
        long[] values = has(tag) ? values(tag) : new long[] {absent};
        if (values.length == 0 || Arrays.stream(values).distinct().count() > 1) {
            throw new IOException(
                    "its TIFF tag %s is %s; expected the same value for all samples"
                            .formatted(tag, Arrays.toString(values)));
        }
        return (int) Math.min(Integer.MAX_VALUE, values[0]);
    }

    /** The palette's colours as 0xRRGGBB; stored with 16 bits per channel, all reds first. */
    int[] palette() throws IOException {
        long[] map = values(Tag.COLOR_MAP);
        // some writers store 8-bit colours
        int shift = Arrays.stream(map).max().orElse(0) > 255 ? 8 : 0;
        int[] colours = new int[map.length / 3];
        for (int i = 0; i < colours.length; i++) {
            long red = map[i] >> shift;
            long green = map[colours.length + i] >> shift;
            long blue = map[2 * colours.length + i] >> shift;
            colours[i] = (int) (red << 16 | green << 8 | blue);
        }
        return colours;
    }

    /** The tables that all JPEG strips share. */
    Optional<byte[]> jpegTables() throws IOException {
        if (!has(Tag.JPEG_TABLES)) {
            return Optional.empty();
        }
        int entry = entries.get(Tag.JPEG_TABLES.code);
        long count = unsignedInt(entry + 4L);
        long at = count <= 4 ? entry + 8L : unsignedInt(entry + 8L);
        require(at + count);
        return Optional.of(Arrays.copyOfRange(bytes, (int) at, (int) (at + count)));
    }

    /** Requires the bytes of a strip or tile. */
    void require(long end) throws IOException {
        if (end > buffer.capacity()) {
            throw new IOException(
                    "it is truncated: it has %d bytes; its directory points to byte %d"
                            .formatted(buffer.capacity(), end));
        }
    }

    long[] values(Tag tag) throws IOException {
        Integer entry = entries.get(tag.code);
        if (entry == null) {
            throw new IOException("its TIFF tag %s (%d) is missing".formatted(tag, tag.code));
        }
        int type = unsignedShort(entry + 2L);
        long count = unsignedInt(entry + 4L);
        int size =
                switch (type) {
                    case BYTE, UNDEFINED -> 1;
                    case SHORT -> 2;
                    case LONG -> 4;
                    default ->
                            throw new IOException(
                                    "its TIFF tag %s has type %d; expected integers"
                                            .formatted(tag, type));
                };
        long at = count * size <= 4 ? entry + 8L : unsignedInt(entry + 8L);
        require(at + count * size);
        long[] values = new long[(int) count];
        for (int i = 0; i < values.length; i++) {
            long position = at + (long) i * size;
            values[i] =
                    switch (size) {
                        case 1 -> bytes[(int) position] & 0xFF;
                        case 2 -> unsignedShort(position);
                        default -> unsignedInt(position);
                    };
        }
        return values;
    }

    private int unsignedShort(long at) throws IOException {
        require(at + 2);
        return buffer.getShort((int) at) & 0xFFFF;
    }

    private long unsignedInt(long at) throws IOException {
        require(at + 4);
        return buffer.getInt((int) at) & 0xFFFFFFFFL;
    }
}
