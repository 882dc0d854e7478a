package org.deepcovid.core.image;

import java.util.BitSet;

/**
 * A set of pixels of an image, such as its lung fields or an opacity. Immutable.
 *
 * <p>Pixels are addressed by column from the left and row from the top, both from 0.
 */
public final class PixelMask {

    /** Condition for a pixel to be in a mask. */
    @FunctionalInterface
    public interface Membership {
        /**
         * Whether a pixel is in the mask.
         *
         * @param x column from the left
         * @param y row from the top
         * @return true if it is in the mask
         */
        boolean contains(int x, int y);
    }

    private final int width;
    private final int height;
    private final BitSet pixels;

    private PixelMask(int width, int height, BitSet pixels) {
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    /**
     * The pixels that satisfy a condition.
     *
     * @param width in pixels, positive
     * @param height in pixels, positive
     * @param membership called once per pixel
     * @throws IllegalArgumentException if a size is not positive
     */
    public static PixelMask of(int width, int height, Membership membership) {
        if (width <= 0 || height <= 0) {
            throw new IllegalArgumentException(
                    "mask of %d x %d pixels; expected positive sizes".formatted(width, height));
        }
        BitSet pixels = new BitSet(width * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                pixels.set(y * width + x, membership.contains(x, y));
            }
        }
        return new PixelMask(width, height, pixels);
    }

    /**
     * Reads a mask image as segmentation tools write it.
     *
     * @param image pixels of 128 and above in their first channel are in the mask
     * @return mask of the same size
     */
    public static PixelMask of(RasterImage image) {
        return of(image.width(), image.height(), (x, y) -> image.sample(x, y, 0) >= 128);
    }

    /**
     * Width of the image.
     *
     * @return in pixels
     */
    public int width() {
        return width;
    }

    /**
     * Height of the image.
     *
     * @return in pixels
     */
    public int height() {
        return height;
    }

    /**
     * Whether a pixel is in the mask.
     *
     * @param x column from the left
     * @param y row from the top
     * @return false for pixels outside the image
     */
    public boolean contains(int x, int y) {
        return x >= 0 && y >= 0 && x < width && y < height && pixels.get(y * width + x);
    }

    /**
     * Number of pixels in the mask.
     *
     * @return 0 to width times height
     */
    public int area() {
        return pixels.cardinality();
    }

    /**
     * Pixels that belong to both masks.
     *
     * @param other mask of the same size
     * @return the intersection
     * @throws IllegalArgumentException if the sizes differ
     */
    public PixelMask and(PixelMask other) {
        requireSameSize(other);
        BitSet both = (BitSet) pixels.clone();
        both.and(other.pixels);
        return new PixelMask(width, height, both);
    }

    /**
     * Pixels that belong to either mask.
     *
     * @param other mask of the same size
     * @return the union
     * @throws IllegalArgumentException if the sizes differ
     */
    public PixelMask or(PixelMask other) {
        requireSameSize(other);
        BitSet either = (BitSet) pixels.clone();
        either.or(other.pixels);
        return new PixelMask(width, height, either);
    }

    private void requireSameSize(PixelMask other) {
        if (width != other.width || height != other.height) {
            throw new IllegalArgumentException(
                    "%s and %s; expected masks of equal size".formatted(this, other));
        }
    }

    /**
     * The mask as a grey image.
     *
     * @return 255 inside, 0 outside
     */
    public RasterImage toImage() {
        byte[] samples = new byte[width * height];
        pixels.stream().forEach(i -> samples[i] = (byte) 255);
        return RasterImage.wrap(width, height, 1, samples);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PixelMask mask
                && width == mask.width
                && height == mask.height
                && pixels.equals(mask.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + pixels.hashCode();
    }

    @Override
    public String toString() {
        return "%d x %d mask of %d pixels".formatted(width, height, area());
    }
}
