package org.deepcovid.core.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;
import javax.imageio.spi.ImageReaderSpi;

/** PNG: every chunk's checksum is verified, and only the chunks that hold pixels are decoded. */
final class PngFormat implements ImageFormat {

    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_OVERHEAD = 12; // length, type, checksum
    private static final Set<String> PIXEL_CHUNKS = Set.of("IHDR", "PLTE", "IDAT", "IEND");

    private static final class Holder {
        static final ImageReaderSpi READER = Codec.ofJdk("png");
    }

    @Override
    public ImageSize size(byte[] bytes) throws IOException {
        if (bytes.length < SIGNATURE_BYTES + CHUNK_OVERHEAD + 13) {
            throw new IOException("it is truncated within the PNG header");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, SIGNATURE_BYTES, bytes.length - SIGNATURE_BYTES);
        if (buffer.getInt() != 13 || buffer.getInt() != 0x49484452) {
            throw new IOException("it does not begin with a PNG header chunk (IHDR)");
        }
        return new ImageSize(buffer.getInt() & 0xFFFFFFFFL, buffer.getInt() & 0xFFFFFFFFL);
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream(bytes.length);
        pixels.write(bytes, 0, SIGNATURE_BYTES);
        int orientation = 1;
        for (int at = SIGNATURE_BYTES; ; ) {
            String type = checkedType(bytes, at);
            int length = ByteBuffer.wrap(bytes).getInt(at);
            if (PIXEL_CHUNKS.contains(type)) {
                pixels.write(bytes, at, length + CHUNK_OVERHEAD);
            } else if (type.equals("eXIf")) {
                orientation = Orientation.of(Arrays.copyOfRange(bytes, at + 8, at + 8 + length));
            }
            if (type.equals("IEND")) {
                break;
            }
            at += length + CHUNK_OVERHEAD;
        }
        return Orientation.upright(
                Samples.of(Codec.readFirst(Holder.READER, pixels.toByteArray())), orientation);
    }

    /** The type of the chunk that begins at an offset, after its extent and checksum held. */
    private static String checkedType(byte[] bytes, int at) throws IOException {
        if (bytes.length - at < CHUNK_OVERHEAD) {
            throw new IOException("it is truncated after %d bytes".formatted(bytes.length));
        }
        int length = ByteBuffer.wrap(bytes).getInt(at);
        String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
        if (length < 0 || length > bytes.length - at - CHUNK_OVERHEAD) {
            throw new IOException(
                    "it is truncated: its %s chunk at byte %d claims %d bytes, and %d are left"
                            .formatted(
                                    printable(type),
                                    at,
                                    length & 0xFFFFFFFFL,
                                    bytes.length - at - CHUNK_OVERHEAD));
        }
        CRC32 crc = new CRC32();
        crc.update(bytes, at + 4, length + 4);
        if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(at + 8 + length)) {
            throw new IOException(
                    "the checksum (CRC) of its %s chunk at byte %d is wrong; the file is damaged"
                            .formatted(printable(type), at));
        }
        return type;
    }

    private static String printable(String type) {
        return type.chars().allMatch(c -> c >= 'A' && c <= 'z') ? type : "unnamed";
    }
}
