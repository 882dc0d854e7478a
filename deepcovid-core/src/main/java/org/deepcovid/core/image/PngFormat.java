package org.deepcovid.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** PNG: every chunk's checksum is verified; colour space and gamma chunks are not applied. */
final class PngFormat implements ImageFormat {

    private static final int SIGNATURE_BYTES = 8;
    private static final int HEADER_BYTES = 13;
    private static final int HEADER_TYPE = 0x49484452; // IHDR

    @Override
    public Size size(byte[] bytes) throws IOException {
        if (bytes.length < SIGNATURE_BYTES + PngChunk.OVERHEAD + HEADER_BYTES) {
            throw new IOException("it is truncated within the PNG header");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, SIGNATURE_BYTES, bytes.length - SIGNATURE_BYTES);
        if (buffer.getInt() != HEADER_BYTES || buffer.getInt() != HEADER_TYPE) {
            throw new IOException("it does not begin with a PNG header chunk (IHDR)");
        }
        return new Size(buffer.getInt() & 0xFFFFFFFFL, buffer.getInt() & 0xFFFFFFFFL);
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        List<PngChunk> chunks = PngChunk.all(bytes, SIGNATURE_BYTES);
        return Orientation.upright(PngPixels.decode(chunks), orientation(chunks));
    }

    private static int orientation(List<PngChunk> chunks) {
        int orientation = Orientation.UPRIGHT;
        for (PngChunk chunk : chunks) {
            if (chunk.type().equals("eXIf")) {
                orientation = Orientation.of(chunk.content());
            }
        }
        return orientation;
    }
}
