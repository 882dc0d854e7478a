package org.deepcovid.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.image.BufferedImage;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.core.io.FileHashes;

/**
 * An 8-bit image in memory: one grey channel, or red, green and blue. Immutable.
 *
 * <p>Samples are those of the file, without gamma or colour profile, as in Pillow and torchvision.
 */
public final class RasterImage {

    private final int width;
    private final int height;
    private final int channels;
    private final byte[] samples;
    private final List<String> remarks;

    private RasterImage(int width, int height, int channels, byte[] samples, List<String> remarks) {
        if (width <= 0 || height <= 0 || (channels != 1 && channels != 3)) {
            throw new IllegalArgumentException(
                    "image of %d x %d with %d channels; expected positive sizes and 1 or 3 channels"
                            .formatted(width, height, channels));
        }
        if (samples.length != (long) width * height * channels) {
            throw new IllegalArgumentException(
                    "%d samples for %d x %d with %d channels; expected %d"
                            .formatted(
                                    samples.length,
                                    width,
                                    height,
                                    channels,
                                    (long) width * height * channels));
        }
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.samples = samples;
        this.remarks = remarks;
    }

    /**
     * An image from samples, which are copied.
     *
     * @param width in pixels, positive
     * @param height in pixels, positive
     * @param channels 1 for grey, 3 for red, green, blue
     * @param samples row by row from the top, channels interleaved, each byte 0 to 255 unsigned
     * @throws IllegalArgumentException if the sizes do not match
     */
    public static RasterImage of(int width, int height, int channels, byte[] samples) {
        return new RasterImage(width, height, channels, samples.clone(), List.of());
    }

    /** Takes ownership of the array. */
    static RasterImage wrap(int width, int height, int channels, byte[] samples) {
        return new RasterImage(width, height, channels, samples, List.of());
    }

    /** Other pixels with the channels and remarks of this image. Takes ownership of the array. */
    RasterImage withPixels(int newWidth, int newHeight, byte[] newSamples) {
        return new RasterImage(newWidth, newHeight, channels, newSamples, remarks);
    }

    /** The same pixels with a further remark. */
    RasterImage withRemark(String remark) {
        List<String> all = Stream.concat(remarks.stream(), Stream.of(remark)).toList();
        return new RasterImage(width, height, channels, samples, all);
    }

    /** The samples themselves; read only. */
    byte[] samples() {
        return samples;
    }

    /**
     * Width.
     *
     * @return in pixels
     */
    public int width() {
        return width;
    }

    /**
     * Height.
     *
     * @return in pixels
     */
    public int height() {
        return height;
    }

    /**
     * Number of channels.
     *
     * @return 1 for grey, 3 for red, green, blue
     */
    public int channels() {
        return channels;
    }

    /**
     * One sample.
     *
     * @param x column from the left, 0 to width - 1
     * @param y row from the top, 0 to height - 1
     * @param channel 0 to channels - 1
     * @return 0 to 255
     * @throws IndexOutOfBoundsException if there is no such sample
     */
    public int sample(int x, int y, int channel) {
        if (x < 0 || x >= width || y < 0 || y >= height || channel < 0 || channel >= channels) {
            throw new IndexOutOfBoundsException(
                    "sample (%d, %d, %d) of %s".formatted(x, y, channel, this));
        }
        return samples[(y * width + x) * channels + channel] & 0xFF;
    }

    /**
     * All samples.
     *
     * @return a copy, row by row from the top, channels interleaved
     */
    public byte[] toBytes() {
        return samples.clone();
    }

    /**
     * What is odd about the image or was assumed in decoding it; not part of {@link #equals}.
     *
     * @return phrases that are equal for equal oddities, so that they can be counted
     */
    public List<String> remarks() {
        return remarks;
    }

    /** A copy as a picture of the JDK: {@code TYPE_BYTE_GRAY} or {@code TYPE_3BYTE_BGR}. */
    public BufferedImage toBufferedImage() {
        int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
        BufferedImage copy = new BufferedImage(width, height, type);
        int[] values = new int[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = samples[i] & 0xFF;
        }
        copy.getRaster().setPixels(0, 0, width, height, values);
        return copy;
    }

    /** SHA-256 of size and samples; equal for grey and for three equal channels. */
    String sha256() {
        boolean grey = channels == 1 || hasEqualChannels();
        MessageDigest digest = FileHashes.newDigest();
        digest.update("%d %d %d\n".formatted(width, height, grey ? 1 : 3).getBytes(UTF_8));
        if (grey && channels == 3) {
            byte[] one = new byte[samples.length / 3];
            for (int i = 0; i < one.length; i++) {
                one[i] = samples[3 * i];
            }
            digest.update(one);
        } else {
            digest.update(samples);
        }
        return FileHashes.hex(digest);
    }

    private boolean hasEqualChannels() {
        for (int i = 0; i < samples.length; i += 3) {
            if (samples[i] != samples[i + 1] || samples[i] != samples[i + 2]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RasterImage image
                && width == image.width
                && height == image.height
                && channels == image.channels
                && Arrays.equals(samples, image.samples);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * width + height) + channels) + Arrays.hashCode(samples);
    }

    @Override
    public String toString() {
        return "%d x %d %s image".formatted(width, height, channels == 1 ? "grey" : "RGB");
    }
}
