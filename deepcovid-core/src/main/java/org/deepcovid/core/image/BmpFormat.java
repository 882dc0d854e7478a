package org.deepcovid.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.spi.ImageReaderSpi;

/** Windows bitmaps. */
final class BmpFormat implements ImageFormat {

    private static final int OS2_HEADER_BYTES = 12;
    private static final int SMALLEST_FILE = 26;

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
        requireAllRows(header(bytes), size(bytes));
        return Samples.of(Codec.readFirst(Holder.READER, bytes));
    }

    /** Uncompressed rows have a known length; the JDK reader fills missing rows with black. */
    private static void requireAllRows(ByteBuffer buffer, Size size) throws IOException {
        boolean os2 = buffer.getInt(14) == OS2_HEADER_BYTES;
        int bits = buffer.getShort(os2 ? 24 : 28);
        int compression = os2 ? 0 : buffer.getInt(30);
        if (compression == 0 || compression == 3) {
            long rowBytes = (size.width() * bits + 31) / 32 * 4;
            long end = (buffer.getInt(10) & 0xFFFFFFFFL) + rowBytes * size.height();
            if (end > buffer.capacity()) {
                throw new IOException(
                        "it is truncated: it has %d bytes; its header implies %d"
                                .formatted(buffer.capacity(), end));
            }
        }
    }
}
