package org.deepcovid.core.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.spi.ImageReaderSpi;

/** Windows bitmaps. */
final class BmpFormat implements ImageFormat {

    private static final int OS2_HEADER_BYTES = 12;
    private static final int SMALLEST_FILE = 26;
    private static final int PIXELS = 10; // offset of the pixels' offset
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BIT_FIELDS = 3;

    private static final class Holder {
        static final ImageReaderSpi READER = Codec.ofJdk("bmp");
    }

    @Override
    public Size size(byte[] bytes) throws IOException {
        ByteBuffer buffer = header(bytes);
        if (buffer.getInt(14) == OS2_HEADER_BYTES) {
            return new Size(buffer.getShort(18) & 0xFFFF, buffer.getShort(20) & 0xFFFF);
        }
        return new Size(buffer.getInt(18), Math.abs((long) buffer.getInt(22))); // top-down < 0
    }

    private static ByteBuffer header(byte[] bytes) throws IOException {
        if (bytes.length < SMALLEST_FILE) {
            throw new IOException("it is truncated within the BMP header");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        ByteBuffer buffer = header(bytes);
        boolean os2 = buffer.getInt(14) == OS2_HEADER_BYTES;
        int bits = buffer.getShort(os2 ? 24 : 28);
        int compression = os2 ? 0 : buffer.getInt(30);
        if ((compression == RLE8 && bits == 8) || (compression == RLE4 && bits == 4)) {
            return runs(buffer, size(bytes), bits);
        }
        if (compression != 0 && compression != BIT_FIELDS) {
            throw new IOException(
                    "it is a BMP with %d bits and compression %d; expected none, RLE or bit fields (convert it to PNG)"
                            .formatted(bits, compression));
        }
        requireAllRows(buffer, size(bytes), bits);
        return Samples.of(Codec.readFirst(Holder.READER, bytes));
    }

    /** Uncompressed rows have a known length; the JDK reader fills missing rows with black. */
    private static void requireAllRows(ByteBuffer buffer, Size size, int bits) throws IOException {
        long rowBytes = (size.width() * bits + 31) / 32 * 4;
        long end = unsigned(buffer, PIXELS) + rowBytes * size.height();
        if (end > buffer.capacity()) {
            throw new IOException(
                    "it is truncated: it has %d bytes; its header implies %d"
                            .formatted(buffer.capacity(), end));
        }
    }

    private static long unsigned(ByteBuffer buffer, int at) {
        return buffer.getInt(at) & 0xFFFFFFFFL;
    }

    /**
     * Decodes runs of palette indices, from the bottom row to the top. The JDK reader leaves pixels
     * black that no run covers.
     */
    private static RasterImage runs(ByteBuffer buffer, Size size, int bits) throws IOException {
        int width = (int) size.width();
        int height = (int) size.height();
        byte[] indices = new byte[Math.multiplyExact(width, height)];
        long covered = 0;
        int x = 0;
        int y = height - 1;
        buffer.position((int) unsigned(buffer, PIXELS));
        while (buffer.remaining() >= 2 && y >= 0) {
            int count = buffer.get() & 0xFF;
            int value = buffer.get() & 0xFF;
            if (count == 0 && value <= 2) {
                if (value > 0) { // the end, or a jump
                    break;
                }
                x = 0;
                y--;
                continue;
            }
            boolean literal = count == 0;
            int pixels = literal ? value : count;
            int start = buffer.position();
            int stored = literal ? (pixels * bits + 15) / 16 * 2 : 0;
            if (x + pixels > width || stored > buffer.remaining()) {
                throw new IOException(
                        "it is damaged: a run of %d pixels in row %d".formatted(pixels, y));
            }
            for (int i = 0; i < pixels; i++) {
                int pair = literal ? buffer.get(start + i * bits / 8) : value;
                indices[y * width + x++] =
                        (byte) (bits == 8 ? pair : i % 2 == 0 ? pair >> 4 & 0xF : pair & 0xF);
            }
            covered += pixels;
            buffer.position(start + stored);
        }
        if (covered < indices.length) {
            throw new IOException(
                    "its runs cover %d of %d pixels; the file is damaged"
                            .formatted(covered, indices.length));
        }
        DataBufferByte data = new DataBufferByte(indices, indices.length);
        return Samples.ofIndexed(
                Raster.createInterleavedRaster(data, width, height, width, 1, new int[1], null),
                palette(buffer, bits));
    }

    private static int[] palette(ByteBuffer buffer, int bits) {
        int used = buffer.getInt(46);
        int[] colours = new int[used > 0 && used < 1 << bits ? used : 1 << bits];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = buffer.getInt(14 + buffer.getInt(14) + 4 * i) & 0xFFFFFF;
        }
        return colours;
    }
}
