package org.deepcovid.core.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.spi.ImageReaderSpi;

/** PNG: every chunk's checksum is verified, and only the chunks that hold pixels are decoded. */
final class PngFormat implements ImageFormat {

    private static final int SIGNATURE_BYTES = 8;
    private static final Set<String> PIXEL_CHUNKS = Set.of("IHDR", "PLTE", "IDAT", "IEND");

    private static final class Holder {
        static final ImageReaderSpi READER = Codec.ofJdk("png");
    }

    @Override
    public ImageSize size(byte[] bytes) throws IOException {
        if (bytes.length < SIGNATURE_BYTES + PngChunk.OVERHEAD + 13) {
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
        List<PngChunk> chunks = PngChunk.all(bytes, SIGNATURE_BYTES);
        ByteArrayOutputStream pixels = new ByteArrayOutputStream(bytes.length);
        pixels.write(bytes, 0, SIGNATURE_BYTES);
        for (PngChunk chunk : chunks) {
            if (PIXEL_CHUNKS.contains(chunk.type())) {
                chunk.copyTo(pixels);
            }
        }
        return Orientation.upright(
                Samples.of(Codec.readFirst(Holder.READER, pixels.toByteArray())),
                orientation(chunks));
    }

    @Override
    public Optional<RasterImage> decodeSquare(byte[] bytes, Preprocessing preprocessing)
            throws IOException {
        List<PngChunk> chunks = PngChunk.all(bytes, SIGNATURE_BYTES);
        return orientation(chunks) == 1
                ? PngRows.of(chunks).flatMap(rows -> rows.resize(preprocessing))
                : Optional.empty();
    }

    private static int orientation(List<PngChunk> chunks) {
        int orientation = 1;
        for (PngChunk chunk : chunks) {
            if (chunk.type().equals("eXIf")) {
                orientation = Orientation.of(chunk.content());
            }
        }
        return orientation;
    }
}
