package org.deepcovid.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** The tags of a TIFF file's first page that give its size and the location of its pixels. */
final class TiffDirectory {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int STRIP_BYTES = 279;
    private static final int COLOUR_MAP = 320;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private final ByteBuffer buffer;
    private final Map<Integer, Integer> entries = new HashMap<>(); // tag to offset of its entry

    private TiffDirectory(byte[] bytes) {
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

    long width() throws IOException {
        return value(WIDTH, "ImageWidth");
    }

    long height() throws IOException {
        return value(HEIGHT, "ImageLength");
    }

    long photometric() throws IOException {
        return value(PHOTOMETRIC, "PhotometricInterpretation");
    }

    /** The palette's colours as 0xRRGGBB; stored with 16 bits per channel, all reds first. */
    int[] palette() throws IOException {
        long[] map = values(COLOUR_MAP, "ColorMap");
        int[] colours = new int[map.length / 3];
        for (int i = 0; i < colours.length; i++) {
            long red = map[i] >> 8;
            long green = map[colours.length + i] >> 8;
            long blue = map[2 * colours.length + i] >> 8;
            colours[i] = (int) (red << 16 | green << 8 | blue);
        }
        return colours;
    }

    /** Rejects truncated files, whose missing pixels the JDK reader leaves black. */
    void requireWholePixelData() throws IOException {
        boolean tiled = entries.containsKey(TILE_OFFSETS);
        long[] offsets = values(tiled ? TILE_OFFSETS : STRIP_OFFSETS, "StripOffsets");
        if (!entries.containsKey(tiled ? TILE_BYTES : STRIP_BYTES)) {
            return; // permitted for a single uncompressed strip, whose length follows from the size
        }
        long[] lengths = values(tiled ? TILE_BYTES : STRIP_BYTES, "StripByteCounts");
        if (offsets.length != lengths.length) {
            throw new IOException(
                    "it has %d strip offsets and %d strip lengths; the file is damaged"
                            .formatted(offsets.length, lengths.length));
        }
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] + lengths[i] > buffer.capacity()) {
                throw truncated(offsets[i] + lengths[i]);
            }
        }
    }

    private long value(int tag, String name) throws IOException {
        long[] values = values(tag, name);
        if (values.length != 1) {
            throw new IOException("its TIFF tag %s has %d values".formatted(name, values.length));
        }
        return values[0];
    }

    private long[] values(int tag, String name) throws IOException {
        Integer entry = entries.get(tag);
        if (entry == null) {
            throw new IOException("its TIFF tag %s (%d) is missing".formatted(name, tag));
        }
        int type = unsignedShort(entry + 2L);
        long count = unsignedInt(entry + 4L);
        if (type != SHORT && type != LONG) {
            throw new IOException("its TIFF tag %s has type %d".formatted(name, type));
        }
        int bytes = type == SHORT ? 2 : 4;
        long at = count * bytes <= 4 ? entry + 8L : unsignedInt(entry + 8L);
        if (at + count * bytes > buffer.capacity()) {
            throw truncated(at + count * bytes);
        }
        long[] values = new long[(int) count];
        for (int i = 0; i < values.length; i++) {
            long position = at + (long) i * bytes;
            values[i] = type == SHORT ? unsignedShort(position) : unsignedInt(position);
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

    private void require(long end) throws IOException {
        if (end > buffer.capacity()) {
            throw truncated(end);
        }
    }

    private IOException truncated(long end) {
        return new IOException(
                "it is truncated: it has %d bytes; its directory points to byte %d"
                        .formatted(buffer.capacity(), end));
    }
}
