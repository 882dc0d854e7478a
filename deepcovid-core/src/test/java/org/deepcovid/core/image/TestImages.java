package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.jaiimageio.jpeg2000.impl.J2KImageWriterSpi;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Makes image files in memory. */
public final class TestImages {

    private TestImages() {}

    /** A grey image whose sample at (x, y) is the low byte of a function. */
    static RasterImage grey(int width, int height, IntBinaryOperator level) {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) level.applyAsInt(i % width, i / width);
        }
        return RasterImage.of(width, height, 1, samples);
    }

    /** The image's own samples in the order of its bands, 8 bits each. */
    static RasterImage samplesOf(BufferedImage image, int channels) {
        int width = image.getWidth();
        byte[] samples = new byte[width * image.getHeight() * channels];
        for (int i = 0; i < samples.length; i++) {
            int pixel = i / channels;
            samples[i] =
                    (byte) image.getRaster().getSample(pixel % width, pixel / width, i % channels);
        }
        return RasterImage.of(width, image.getHeight(), channels, samples);
    }

    /** Mean absolute difference of the samples of two images; grey is repeated in all channels. */
    static double meanDifference(RasterImage a, RasterImage b) {
        assertThat(a.width()).isEqualTo(b.width());
        assertThat(a.height()).isEqualTo(b.height());
        double sum = 0;
        for (int i = 0; i < 3 * a.width() * a.height(); i++) {
            sum += Math.abs(sample(a, i / 3, i % 3) - sample(b, i / 3, i % 3));
        }
        return sum / (3.0 * a.width() * a.height());
    }

    private static int sample(RasterImage image, int pixel, int channel) {
        int x = pixel % image.width();
        int y = pixel / image.width();
        return image.sample(x, y, image.channels() == 1 ? 0 : channel);
    }

    /** Smooth blobs with some noise, in every band of an image of the given type. */
    public static BufferedImage picture(int width, int height, int type) {
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
                    image.getRaster().setSample(x, y, b, (int) (value * max(image, sizes[b])));
                }
            }
        }
    }

    private static int max(BufferedImage image, int bits) {
        return image.getColorModel() instanceof IndexColorModel palette
                ? palette.getMapSize() - 1
                : (1 << bits) - 1;
    }

    public static byte[] encode(String format, BufferedImage image) {
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
        return write(writer, new IIOImage(raster, null, null), null);
    }

    /** Writes a progressive JPEG or an interlaced PNG file. */
    public static byte[] encodeProgressive(String format, BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        return write(writer, new IIOImage(image, null, null), parameters);
    }

    /** Writes a TIFF file of one strip. */
    public static byte[] encodeTiff(BufferedImage image, String compression) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionType(compression);
        return write(writer, new IIOImage(image, null, null), parameters);
    }

    /** Writes a JP2 file. */
    public static byte[] jpeg2000(BufferedImage image) throws IOException {
        ImageWriter writer = new J2KImageWriterSpi().createWriterInstance();
        return write(writer, new IIOImage(image, null, null), null);
    }

    /**
     * Lossless JPEG with the left neighbour as prediction (T.81, annex H).
     *
     * @param bands one array of samples for each
     */
    public static byte[] losslessJpeg(int width, int bits, int[]... bands) {
        int height = bands[0].length / width;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, 0xFF, 0xD8, 0xFF, 0xC3, 0, 8 + 3 * bands.length, bits);
        write(out, height >> 8, height & 0xFF, width >> 8, width & 0xFF, bands.length);
        for (int c = 0; c < bands.length; c++) {
            write(out, c, 0x11, 0);
        }
        write(out, 0xFF, 0xC4, 0, 36, 0, 0, 0, 0, 15, 1, 1); // codes of 4, 5 and 6 bits
        out.writeBytes(new byte[10]);
        for (int category = 0; category <= 16; category++) {
            out.write(category);
        }
        write(out, 0xFF, 0xDA, 0, 6 + 2 * bands.length, bands.length);
        for (int c = 0; c < bands.length; c++) {
            write(out, c, 0);
        }
        write(out, 1, 0, 0);
        StringBuilder coded = new StringBuilder();
        for (int i = 0; i < bands[0].length; i++) {
            for (int[] band : bands) {
                int neighbour = i % width > 0 ? i - 1 : i - width;
                coded.append(difference(band[i] - (i == 0 ? 1 << (bits - 1) : band[neighbour])));
            }
        }
        coded.append("1".repeat((8 - coded.length() % 8) % 8));
        for (int i = 0; i < coded.length(); i += 8) {
            int value = Integer.parseInt(coded, i, i + 8, 2);
            out.write(value);
            out.writeBytes(new byte[value == 0xFF ? 1 : 0]);
        }
        write(out, 0xFF, 0xD9);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
    }

    private static String difference(int wide) {
        int value = (short) wide; // modulo 65536
        int category = Integer.SIZE - Integer.numberOfLeadingZeros(Math.abs(value));
        int extra = value > 0 ? value : value + (1 << category) - 1;
        String code =
                category < 15
                        ? Integer.toBinaryString(1 << 4 | category).substring(1)
                        : category == 15 ? "11110" : "111110";
        return category == 0 || category == 16
                ? code
                : code + Integer.toBinaryString(1 << category | extra).substring(1);
    }

    /** Offset of the value of a TIFF tag. */
    static int tiffValue(byte[] tiff, int tag) {
        ByteBuffer buffer = ByteBuffer.wrap(tiff); // big-endian, as the JDK writes it
        int entry = buffer.getInt(4) + 2;
        while (buffer.getShort(entry) != tag) {
            entry += 12;
        }
        return entry + 8;
    }

    private static byte[] write(ImageWriter writer, IIOImage image, ImageWriteParam parameters)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, image, parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** Random pixels of 1 to 4 bands, every row by one filter, or for 5 by all in turn. */
    static byte[] randomPng(int width, int height, int bands, int bits, int filter) {
        byte[] rows = new byte[height * (1 + width * bands * bits / 8)];
        new Random(filter).nextBytes(rows);
        for (int y = 0; y < height; y++) {
            rows[y * (rows.length / height)] = (byte) (filter == 5 ? y % 5 : filter);
        }
        byte[] deflated = new byte[rows.length + 100];
        Deflater deflater = new Deflater();
        deflater.setInput(rows);
        deflater.finish();
        int length = deflater.deflate(deflated);
        deflater.end();
        int colourType = new int[] {0, 4, 2, 6}[bands - 1];
        byte[] header =
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) bits)
                        .put((byte) colourType)
                        .array();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        out.writeBytes(pngChunk("IHDR", header));
        out.writeBytes(pngChunk("IDAT", Arrays.copyOf(deflated, length / 2)));
        out.writeBytes(pngChunk("IDAT", new byte[0]));
        out.writeBytes(pngChunk("IDAT", Arrays.copyOfRange(deflated, length / 2, length)));
        out.writeBytes(pngChunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    public static BufferedImage grey16(int width, int height) {
        return picture(width, height, BufferedImage.TYPE_USHORT_GRAY);
    }

    public static BufferedImage greyWithAlpha(int width, int height) {
        BufferedImage image =
                ImageTypeSpecifier.createGrayscale(8, DataBuffer.TYPE_BYTE, false, false)
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

    /** Inserts an Exif segment (APP1) after the first marker of a JPEG file. */
    public static byte[] withExif(byte[] jpeg, int orientation) {
        ByteBuffer segment =
                ByteBuffer.allocate(36)
                        .putShort((short) 0xFFE1)
                        .putShort((short) 34)
                        .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
                        .put(exif(orientation));
        return insert(jpeg, 2, segment.array());
    }

    /** Inserts a chunk with a correct checksum after the header chunk of a PNG file. */
    public static byte[] withPngChunk(byte[] png, String type, byte[] content) {
        return insert(png, 33, pngChunk(type, content));
    }

    private static byte[] pngChunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    /** Offset of the first occurrence of a text. */
    public static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
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
