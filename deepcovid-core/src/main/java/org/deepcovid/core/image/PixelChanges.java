package org.deepcovid.core.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The changes that alterations and augmentations consist of. Each returns a new image. */
final class PixelChanges {

    /** Letters R and L, 5 x 7 pixels, a row per number. */
    private static final int[][] LETTERS = {
        {0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001},
        {0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111}
    };

    private static final int LETTER_WIDTH = 5;
    private static final double LETTER_HEIGHT = 0.08; // of the short side
    private static final int LETTER_LEVEL = 250;

    private PixelChanges() {}

    /** Maps every sample; results are rounded and limited to 0 to 255. */
    static RasterImage mapped(RasterImage image, IntToDoubleFunction curve) {
        byte[] levels = new byte[256];
        for (int level = 0; level < levels.length; level++) {
            levels[level] = limited(curve.applyAsDouble(level));
        }
        byte[] samples = image.toBytes();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = levels[samples[i] & 0xFF];
        }
        return image.withPixels(image.width(), image.height(), samples);
    }

    private static byte limited(double sample) {
        return (byte) Math.max(0, Math.min(255, Math.rint(sample)));
    }

    static RasterImage inverted(RasterImage image) {
        return mapped(image, level -> 255 - level);
    }

    /** Turns a square clockwise. */
    static RasterImage turned(RasterImage square, int quarters) {
        int last = square.width() - 1;
        int channels = square.channels();
        byte[] samples = new byte[square.samples().length];
        int to = 0;
        for (int y = 0; y <= last; y++) {
            for (int x = 0; x <= last; x++) {
                int fromX = quarters == 1 ? y : quarters == 2 ? last - x : last - y;
                int fromY = quarters == 1 ? last - x : quarters == 2 ? last - y : x;
                int from = (fromY * (last + 1) + fromX) * channels;
                System.arraycopy(square.samples(), from, samples, to, channels);
                to += channels;
            }
        }
        return square.withPixels(last + 1, last + 1, samples);
    }

    /** The part of an image. */
    static RasterImage cropped(RasterImage image, ImagePart part) {
        int row = part.width() * image.channels();
        byte[] samples = new byte[row * part.height()];
        for (int y = 0; y < part.height(); y++) {
            int from = ((part.top() + y) * image.width() + part.left()) * image.channels();
            System.arraycopy(image.samples(), from, samples, y * row, row);
        }
        return image.withPixels(part.width(), part.height(), samples);
    }

    /** Without a share of each side. */
    static RasterImage cropped(RasterImage image, double share) {
        int columns = (int) Math.round(share * image.width());
        int rows = (int) Math.round(share * image.height());
        return cropped(image, ImagePart.of(image).inset(columns, rows, columns, rows));
    }

    /** With a border of one level at each side, as a share of the side. */
    static RasterImage bordered(RasterImage image, double share, int level) {
        int columns = (int) Math.round(share * image.width());
        int rows = (int) Math.round(share * image.height());
        return on(
                image,
                image.width() + 2 * columns,
                image.height() + 2 * rows,
                columns,
                rows,
                level);
    }

    /** A square reduced to a smaller one, somewhere on a uniform ground of its former size. */
    static RasterImage reduced(
            RasterImage square, int inner, int level, SplittableRandom position) {
        int side = square.width();
        ResizeFilter filter = new ResizeFilter(side, inner, 0, inner);
        RasterImage small = BilinearResize.apply(square, 0, 0, filter, filter);
        int left = position.nextInt(side - inner + 1);
        int top = position.nextInt(side - inner + 1);
        return on(small, side, side, left, top, level);
    }

    private static RasterImage on(
            RasterImage image, int width, int height, int left, int top, int level) {
        int channels = image.channels();
        int row = image.width() * channels;
        byte[] samples = new byte[width * height * channels];
        Arrays.fill(samples, (byte) level);
        for (int y = 0; y < image.height(); y++) {
            int to = ((top + y) * width + left) * channels;
            System.arraycopy(image.samples(), y * row, samples, to, row);
        }
        return image.withPixels(width, height, samples);
    }

    /** Enlarged by bilinear interpolation. */
    static RasterImage enlarged(RasterImage image, int factor) {
        int width = image.width() * factor;
        int height = image.height() * factor;
        return BilinearResize.apply(
                image,
                0,
                0,
                new ResizeFilter(image.width(), width, 0, width),
                new ResizeFilter(image.height(), height, 0, height));
    }

    static RasterImage mirrored(RasterImage image) {
        return AffineWarp.of(true, 0, 1, 0, 0, 0).apply(image);
    }

    /** Turned about the centre; the border repeats. */
    static RasterImage rotated(RasterImage image, double degrees) {
        return AffineWarp.of(false, Math.toRadians(degrees), 1, 0, 0, 0).apply(image);
    }

    /** Normally distributed noise, equal in all channels of a pixel. */
    static RasterImage noisy(RasterImage image, double deviation, SplittableRandom random) {
        byte[] samples = image.toBytes();
        int channels = image.channels();
        for (int i = 0; i < samples.length; i += channels) {
            double noise = deviation * random.nextGaussian();
            for (int c = i; c < i + channels; c++) {
                samples[c] = limited((samples[c] & 0xFF) + noise);
            }
        }
        return image.withPixels(image.width(), image.height(), samples);
    }

    /** A white R or L near an upper corner of the central square, as a laterality marker. */
    static RasterImage marked(RasterImage image, SplittableRandom random) {
        int[] letter = LETTERS[random.nextInt(LETTERS.length)];
        int side = Math.min(image.width(), image.height());
        int dot = Math.max(1, (int) Math.round(LETTER_HEIGHT * side / letter.length));
        int inset = (int) (dot * letter.length * random.nextDouble(0.5, 1.5));
        int left = random.nextBoolean() ? inset : side - inset - LETTER_WIDTH * dot;
        int column = (image.width() - side) / 2 + Math.max(0, left);
        int row = (image.height() - side) / 2 + inset;
        byte[] samples = image.toBytes();
        for (int y = 0; y < letter.length * dot && row + y < image.height(); y++) {
            for (int x = 0; x < LETTER_WIDTH * dot && column + x < image.width(); x++) {
                if ((letter[y / dot] >> (LETTER_WIDTH - 1 - x / dot) & 1) == 1) {
                    int from = ((row + y) * image.width() + column + x) * image.channels();
                    Arrays.fill(samples, from, from + image.channels(), (byte) LETTER_LEVEL);
                }
            }
        }
        return image.withPixels(image.width(), image.height(), samples);
    }

    /**
     * Compressed as JPEG and decoded.
     *
     * @param quality of the JDK's encoder, 1 to 100
     */
    static RasterImage compressed(RasterImage image, int quality) {
        int type =
                image.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
        BufferedImage picture = new BufferedImage(image.width(), image.height(), type);
        int[] samples = new int[image.samples().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = image.samples()[i] & 0xFF;
        }
        picture.getRaster().setPixels(0, 0, image.width(), image.height(), samples);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality / 100f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), parameters);
            out.flush();
            RasterImage decoded =
                    Samples.ofPicture(
                            ImageIO.read(
                                    new MemoryCacheImageInputStream(
                                            new ByteArrayInputStream(bytes.toByteArray()))));
            return image.withPixels(image.width(), image.height(), decoded.toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress the image as JPEG", e);
        } finally {
            writer.dispose();
        }
    }
}
