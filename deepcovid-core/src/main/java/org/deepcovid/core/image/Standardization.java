package org.deepcovid.core.image;

import java.util.Arrays;

/**
 * What is made equal about images, however they were framed and exposed, before a network gets
 * them.
 */
public enum Standardization {
    /** Nothing: images are used as they are. */
    NONE("no"),
    /**
     * Uniform borders are trimmed, up to 30 % of the image at each side, before it is resized; then
     * grey levels are stretched so that 1 % of the pixels are black and 1 % white.
     */
    TRIM_AND_LEVELS(
            "uniform borders trimmed; after resizing, grey levels stretched from the 1st to the"
                    + " 99th percentile");

    private static final double MOST_TRIMMED = 0.3; // of the side
    private static final double UNIFORM = 0.98; // of a line's pixels
    private static final int TOLERANCE = 8; // grey levels from the line's median
    private static final double TAIL = 0.01; // of the pixels
    private static final int LEAST_RANGE = 32; // grey levels; a narrower one is mostly noise

    private final String description;

    Standardization(String description) {
        this.description = description;
    }

    /** In words. */
    public String describe() {
        return description;
    }

    /** The part of an image that is used. */
    public ImagePart part(RasterImage image) {
        ImagePart part = ImagePart.of(image);
        if (this == NONE) {
            return part;
        }
        int mostColumns = (int) (MOST_TRIMMED * image.width());
        int mostRows = (int) (MOST_TRIMMED * image.height());
        int left = 0;
        int right = 0;
        int top = 0;
        int bottom = 0;
        while (top < mostRows && isUniform(image, true, top)) {
            top++;
        }
        while (bottom < mostRows && isUniform(image, true, image.height() - 1 - bottom)) {
            bottom++;
        }
        part = part.inset(0, top, 0, bottom);
        while (left < mostColumns && isUniform(image, false, left)) {
            left++;
        }
        while (right < mostColumns && isUniform(image, false, image.width() - 1 - right)) {
            right++;
        }
        return part.inset(left, 0, right, 0);
    }

    private static boolean isUniform(RasterImage image, boolean row, int line) {
        int length = row ? image.width() : image.height();
        int[] counts = new int[256];
        for (int i = 0; i < length; i++) {
            counts[grey(image, row ? line * image.width() + i : i * image.width() + line)]++;
        }
        int median = quantile(counts, length / 2);
        int from = Math.max(0, median - TOLERANCE);
        int to = Math.min(counts.length, median + TOLERANCE + 1);
        return Arrays.stream(counts, from, to).sum() >= UNIFORM * length;
    }

    private static int grey(RasterImage image, int pixel) {
        byte[] samples = image.samples();
        if (image.channels() == 1) {
            return samples[pixel] & 0xFF;
        }
        int at = 3 * pixel;
        return Plausibility.grey(
                samples[at] & 0xFF, samples[at + 1] & 0xFF, samples[at + 2] & 0xFF);
    }

    /** The lowest level with more than {@code rank} pixels up to it. */
    private static int quantile(int[] counts, int rank) {
        int level = 0;
        for (int below = counts[0]; below <= rank; below += counts[level]) {
            level++;
        }
        return level;
    }

    /** Stretches the grey levels of a square. */
    RasterImage levels(RasterImage square) {
        if (this == NONE) {
            return square;
        }
        int pixels = square.width() * square.height();
        int[] counts = new int[256];
        for (int i = 0; i < pixels; i++) {
            counts[grey(square, i)]++;
        }
        int tail = (int) (TAIL * pixels);
        int low = quantile(counts, tail);
        int range = Math.max(LEAST_RANGE, quantile(counts, pixels - 1 - tail) - low);
        return PixelChanges.mapped(square, level -> 255.0 * (level - low) / range);
    }
}
