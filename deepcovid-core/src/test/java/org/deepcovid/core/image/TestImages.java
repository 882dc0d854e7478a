package org.deepcovid.core.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Makes image files in memory. */
final class TestImages {

    private TestImages() {}

    /** Smooth blobs with some noise, in every band of an image of the given type. */
    static BufferedImage picture(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        fill(image);
        return image;
    }

    static void fill(BufferedImage image) {
        SplittableRandom random = new SplittableRandom(11);
        int[] sizes = image.getSampleModel().getSampleSize();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                for (int b = 0; b < sizes.length; b++) {
                    double wave = Math.sin((x + 5 * b) / 9.0) * Math.cos(y / (7.0 + b));
                    double value = 0.5 + 0.4 * wave + random.nextDouble(-0.1, 0.1);
                    image.getRaster().setSample(x, y, b, (int) (value * most(image, sizes[b])));
                }
            }
        }
    }

    private static int most(BufferedImage image, int bits) {
        return image.getColorModel() instanceof IndexColorModel palette
                ? palette.getMapSize() - 1
                : (1 << bits) - 1;
    }

    static byte[] encode(String format, BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalStateException("no writer of " + format + " for " + image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Writes the bands as they are, without any conversion of colours. */
    static byte[] encodeJpeg(Raster raster) throws IOException {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
        ImageWriter writer = writers.next();
        while (!writer.canWriteRasters()) {
            writer = writers.next();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), null);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    static BufferedImage grey16(int width, int height) {
        return picture(width, height, BufferedImage.TYPE_USHORT_GRAY);
    }

    static BufferedImage greyWithAlpha(int width, int height) {
        BufferedImage image =
                ImageTypeSpecifier.createGrayscale(
                                8, java.awt.image.DataBuffer.TYPE_BYTE, false, false)
                        .createBufferedImage(width, height);
        fill(image);
        return image;
    }

    /** An EXIF block with the orientation tag alone. */
    static byte[] exif(int orientation) {
        return ByteBuffer.allocate(26)
                .put("MM\0*".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(8)
                .putShort((short) 1) // one entry
                .putShort((short) 0x0112)
                .putShort((short) 3) // of type SHORT
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0) // no further directory
                .array();
    }

    /** Puts a segment behind the first marker of a JPEG file. */
    static byte[] withJpegSegment(byte[] jpeg, int marker, byte[] content) {
        ByteBuffer segment =
                ByteBuffer.allocate(4 + content.length)
                        .put((byte) 0xFF)
                        .put((byte) marker)
                        .putShort((short) (content.length + 2))
                        .put(content);
        return insert(jpeg, 2, segment.array());
    }

    static byte[] withExif(byte[] jpeg, int orientation) {
        byte[] content =
                ByteBuffer.allocate(32)
                        .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
                        .put(exif(orientation))
                        .array();
        return withJpegSegment(jpeg, 0xE1, content);
    }

    /** Puts a chunk with a right checksum behind the header chunk of a PNG file. */
    static byte[] withPngChunk(byte[] png, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(content);
        byte[] chunk =
                ByteBuffer.allocate(12 + content.length)
                        .putInt(content.length)
                        .put(name)
                        .put(content)
                        .putInt((int) crc.getValue())
                        .array();
        return insert(png, 33, chunk);
    }

    static byte[] insert(byte[] bytes, int at, byte[] inserted) {
        return ByteBuffer.allocate(bytes.length + inserted.length)
                .put(bytes, 0, at)
                .put(inserted)
                .put(bytes, at, bytes.length - at)
                .array();
    }

    static byte[] withTrailingBytes(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1000);
    }
}
