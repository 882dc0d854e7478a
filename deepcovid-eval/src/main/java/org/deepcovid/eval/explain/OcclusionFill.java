package org.deepcovid.eval.explain;

import java.util.Arrays;
import java.util.Locale;

/** Pixel values that cover a part of an image. */
public enum OcclusionFill {
    /** Zero in the network's input: the mean colour of the pre-training images, if subtracted. */
    ZERO,
    /** The mean of each channel of the image. */
    MEAN,
    /** The image, smoothed over about an eighth of its side. */
    BLUR;

    private static final int BLUR_PASSES = 3; // approximates a Gaussian

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A copy of an image [3, S, S], covered everywhere. */
    float[] cover(float[] image, int size) {
        float[] cover = new float[image.length];
        int plane = size * size;
        switch (this) {
            case ZERO -> {}
            case MEAN -> {
                for (int c = 0; c < image.length / plane; c++) {
                    fillWithMean(image, cover, c * plane, plane);
                }
            }
            case BLUR -> {
                System.arraycopy(image, 0, cover, 0, image.length);
                for (int c = 0; c < image.length / plane; c++) {
                    blur(cover, c * plane, size);
                }
            }
        }
        return cover;
    }

    private static void fillWithMean(float[] image, float[] cover, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += image[i];
        }
        Arrays.fill(cover, from, from + length, (float) (sum / length));
    }

    private static void blur(float[] image, int from, int size) {
        int radius = Math.max(1, size / 16);
        for (int pass = 0; pass < BLUR_PASSES; pass++) {
            for (int i = 0; i < size; i++) {
                blurLine(image, from + i * size, 1, size, radius);
            }
            for (int i = 0; i < size; i++) {
                blurLine(image, from + i, size, size, radius);
            }
        }
    }

    /** Moving mean; beyond the ends the outermost value is repeated. */
    private static void blurLine(float[] image, int start, int step, int length, int radius) {
        float[] line = new float[length];
        for (int i = 0; i < length; i++) {
            line[i] = image[start + i * step];
        }
        double sum = 0;
        for (int i = -radius; i <= radius; i++) {
            sum += line[Math.max(0, Math.min(length - 1, i))];
        }
        for (int i = 0; i < length; i++) {
            image[start + i * step] = (float) (sum / (2 * radius + 1));
            sum += line[Math.min(length - 1, i + radius + 1)] - line[Math.max(0, i - radius)];
        }
    }
}
