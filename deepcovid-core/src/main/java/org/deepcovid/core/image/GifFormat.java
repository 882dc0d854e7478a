package org.deepcovid.core.image;

import java.io.IOException;
import javax.imageio.spi.ImageReaderSpi;

/** GIF: the first frame, by its own extent. */
final class GifFormat implements ImageFormat {

    private static final int SCREEN_END = 13;
    private static final int IMAGE = 0x2C;
    private static final int EXTENSION = 0x21;

    private static final class Holder {
        static final ImageReaderSpi READER = Codec.ofJdk("gif");
    }

    @Override
    public ImageSize size(byte[] bytes) throws IOException {
        int at = firstFrame(bytes);
        return new ImageSize(word(bytes, at + 5), word(bytes, at + 7));
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        int at = firstFrame(bytes);
        int data = at + 10 + colourTableBytes(at(bytes, at + 9)) + 1;
        endOfBlocks(bytes, data); // the codec fills missing rows with the first colour
        return Samples.of(Codec.readFirst(Holder.READER, bytes));
    }

    /** Offset of the first image descriptor. */
    private static int firstFrame(byte[] bytes) throws IOException {
        int at = SCREEN_END + colourTableBytes(at(bytes, SCREEN_END - 3));
        while (at(bytes, at) == EXTENSION) {
            at = endOfBlocks(bytes, at + 2);
        }
        if (at(bytes, at) != IMAGE) {
            throw new IOException("it holds no image (block 0x%02x)".formatted(at(bytes, at)));
        }
        return at;
    }

    private static int colourTableBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static int endOfBlocks(byte[] bytes, int start) throws IOException {
        int at = start;
        while (at(bytes, at) != 0) {
            at += at(bytes, at) + 1;
        }
        return at + 1;
    }

    private static int word(byte[] bytes, int at) throws IOException {
        return at(bytes, at) | at(bytes, at + 1) << 8;
    }

    private static int at(byte[] bytes, int at) throws IOException {
        if (at >= bytes.length) {
            throw new IOException("it is truncated after %d bytes".formatted(bytes.length));
        }
        return bytes[at] & 0xFF;
    }
}
