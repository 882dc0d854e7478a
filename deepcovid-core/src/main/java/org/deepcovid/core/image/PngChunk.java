package org.deepcovid.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** A chunk of a PNG file with a verified checksum. */
final class PngChunk {

    /** Bytes of a chunk's length, type and checksum. */
    static final int OVERHEAD = 12;

    private static final int CONTENT = 8; // after length and type

    private final byte[] bytes;
    private final int start;
    private final int length;
    private final String type;

    private PngChunk(byte[] bytes, int start) throws IOException {
        this.bytes = bytes;
        this.start = start;
        if (bytes.length - start < OVERHEAD) {
            throw new IOException("it is truncated after %d bytes".formatted(bytes.length));
        }
        length = ByteBuffer.wrap(bytes).getInt(start);
        type = new String(bytes, start + 4, 4, StandardCharsets.ISO_8859_1);
        requireWhole();
    }

    /** All chunks of a file up to IEND. */
    static List<PngChunk> all(byte[] bytes, int first) throws IOException {
        List<PngChunk> chunks = new ArrayList<>();
        PngChunk chunk = new PngChunk(bytes, first);
        chunks.add(chunk);
        while (!chunk.type.equals("IEND")) {
            chunk = new PngChunk(bytes, chunk.start + OVERHEAD + chunk.length);
            chunks.add(chunk);
        }
        return chunks;
    }

    private void requireWhole() throws IOException {
        int left = bytes.length - start - OVERHEAD;
        if (length < 0 || length > left) {
            throw new IOException(
                    "it is truncated: its %s chunk at byte %d has a length of %d bytes; %d are left"
                            .formatted(printableType(), start, length & 0xFFFFFFFFL, left));
        }
        CRC32 crc = new CRC32();
        crc.update(bytes, start + 4, length + 4);
        if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(start + CONTENT + length)) {
            throw new IOException(
                    "the checksum (CRC) of its %s chunk at byte %d is wrong; the file is damaged"
                            .formatted(printableType(), start));
        }
    }

    private String printableType() {
        return type.chars().allMatch(c -> c >= 'A' && c <= 'z') ? type : "unnamed";
    }

    /** Four letters, such as IDAT. */
    String type() {
        return type;
    }

    /** A copy of the content. */
    byte[] content() {
        return Arrays.copyOfRange(bytes, start + CONTENT, start + CONTENT + length);
    }

    /** The content itself; read only. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, start + CONTENT, length);
    }
}
