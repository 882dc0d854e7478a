package org.deepcovid.core.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;

/**
 * GIF: the first frame, by its own extent. Decoded here and not by the JDK, whose reader loses
 * pixels of low interlaced frames and fills what is missing without a word.
 *
 * @see <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF89a specification</a>
 */
final class GifFormat implements ImageFormat {

    private static final int SCREEN_END = 13;
    private static final int IMAGE = 0x2C;
    private static final int EXTENSION = 0x21;
    private static final int INTERLACED = 0x40;
    private static final int[] PASS_STARTS = {0, 4, 2, 1};
    private static final int[] PASS_STEPS = {8, 8, 4, 2};

    @Override
    public ImageSize size(byte[] bytes) throws IOException {
        int at = firstFrame(bytes);
        return new ImageSize(word(bytes, at + 5), word(bytes, at + 7));
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        int frame = firstFrame(bytes);
        int width = word(bytes, frame + 5);
        int height = word(bytes, frame + 7);
        int flags = at(bytes, frame + 9);
        int data = frame + 10 + colourTableBytes(flags);
        int[] colours = colours(bytes, frame);
        byte[] rows = new GifLzw(at(bytes, data), blocks(bytes, data + 1)).decode(width * height);
        byte[] indices = (flags & INTERLACED) == 0 ? rows : inOrder(rows, width, height);
        requireColours(indices, colours.length);
        Raster raster =
                Raster.createInterleavedRaster(
                        new DataBufferByte(indices, indices.length),
                        width,
                        height,
                        width,
                        1,
                        new int[] {0},
                        null);
        return Samples.ofIndexed(raster, colours);
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

    /** The frame's own colour table, or else the file's. */
    private static int[] colours(byte[] bytes, int frame) throws IOException {
        boolean own = colourTableBytes(at(bytes, frame + 9)) > 0;
        int start = own ? frame + 10 : SCREEN_END;
        int length = colourTableBytes(at(bytes, own ? frame + 9 : SCREEN_END - 3));
        if (length == 0) {
            throw new IOException("it is a GIF without colours; expected a colour table");
        }
        int[] colours = new int[length / 3];
        for (int i = 0; i < colours.length; i++) {
            int red = at(bytes, start + 3 * i);
            int green = at(bytes, start + 3 * i + 1);
            colours[i] = red << 16 | green << 8 | at(bytes, start + 3 * i + 2);
        }
        return colours;
    }

    private static void requireColours(byte[] indices, int colours) throws IOException {
        for (byte index : indices) {
            if ((index & 0xFF) >= colours) {
                throw new IOException(
                        "it is damaged: a pixel has colour %d of %d"
                                .formatted(index & 0xFF, colours));
            }
        }
    }

    private static int endOfBlocks(byte[] bytes, int start) throws IOException {
        int at = start;
        while (at(bytes, at) != 0) {
            at += at(bytes, at) + 1;
        }
        return at + 1;
    }

    /** The content of consecutive blocks. */
    private static byte[] blocks(byte[] bytes, int start) throws IOException {
        byte[] content = new byte[endOfBlocks(bytes, start) - start]; // a little too long
        int length = 0;
        for (int at = start; at(bytes, at) != 0; at += at(bytes, at) + 1) {
            System.arraycopy(bytes, at + 1, content, length, at(bytes, at));
            length += at(bytes, at);
        }
        return Arrays.copyOf(content, length);
    }

    private static byte[] inOrder(byte[] rows, int width, int height) {
        byte[] ordered = new byte[rows.length];
        int from = 0;
        for (int pass = 0; pass < PASS_STARTS.length; pass++) {
            for (int y = PASS_STARTS[pass]; y < height; y += PASS_STEPS[pass]) {
                System.arraycopy(rows, from, ordered, y * width, width);
                from += width;
            }
        }
        return ordered;
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
