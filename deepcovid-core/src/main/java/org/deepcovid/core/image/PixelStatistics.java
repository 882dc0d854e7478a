package org.deepcovid.core.image;

import java.util.Arrays;
import java.util.List;

/**
 * Numbers about the pixels of an image: its colours, grey levels and shape, and the square that a
 * network gets in small. Grey levels are divided by 255. Immutable.
 */
public final class PixelStatistics {

    /** What the figures are about. */
    public static final List<String> FIGURES_NAMED =
            List.of(
                    "colours",
                    "number of grey levels",
                    "share of black",
                    "share of white",
                    "width by height",
                    "roughness",
                    "uniform areas",
                    "brightness", // five quantiles
                    "brightness",
                    "brightness",
                    "brightness",
                    "brightness");

    /** Position of the figure about colours. */
    public static final int COLOURS = 0;

    /** How many figures there are. */
    public static final int FIGURES = FIGURES_NAMED.size();

    private static final int SIDE = 16;

    /** How many pixels the square in small has. */
    public static final int SMALL_LENGTH = SIDE * SIDE;

    private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};
    private static final int BLACK = 8; // levels at either end
    private static final double LEAST_CONTRAST = 0.001;

    private final float[] numbers; // figures, then the square in small

    private PixelStatistics(float[] numbers) {
        this.numbers = numbers;
    }

    /**
     * Measures an image.
     *
     * @param image as decoded
     * @param square its input of a network
     */
    public static PixelStatistics of(RasterImage image, RasterImage square) {
        return new PixelStatistics(
                new Counts(square).numbers((double) image.width() / image.height()));
    }

    /**
     * Restores statistics.
     *
     * @param numbers as {@link #numbers()} gave them
     */
    public static PixelStatistics of(float[] numbers) {
        if (numbers.length != FIGURES + SMALL_LENGTH) {
            throw new IllegalArgumentException(
                    "%d pixel statistics; expected %d"
                            .formatted(numbers.length, FIGURES + SMALL_LENGTH));
        }
        return new PixelStatistics(numbers.clone());
    }

    /** All numbers, to be stored. */
    public float[] numbers() {
        return numbers.clone();
    }

    /** How many numbers there are. */
    public static int length() {
        return FIGURES + SMALL_LENGTH;
    }

    /**
     * One figure.
     *
     * @param index 0 to {@link #FIGURES} - 1
     */
    public float figure(int index) {
        return numbers[index];
    }

    /**
     * The square in small, less its mean and divided by its norm, so that brightness and contrast
     * do not matter.
     *
     * @return {@link #SMALL_LENGTH} values, row by row
     */
    public float[] small() {
        float[] small = Arrays.copyOfRange(numbers, FIGURES, numbers.length);
        double mean = 0;
        for (float value : small) {
            mean += value / small.length;
        }
        double norm = LEAST_CONTRAST;
        for (int i = 0; i < small.length; i++) {
            small[i] -= (float) mean;
            norm += small[i] * small[i];
        }
        for (int i = 0; i < small.length; i++) {
            small[i] /= (float) Math.sqrt(norm);
        }
        return small;
    }

    /** One use. */
    private static final class Counts {

        private final RasterImage square;
        private final int[] levels = new int[256];
        private long colour;
        private long steps;
        private int equal;

        Counts(RasterImage square) {
            this.square = square;
            byte[] samples = square.samples();
            int before = -1;
            for (int i = 0; i < samples.length; i += square.channels()) {
                int grey = grey(samples, i);
                levels[grey]++;
                steps += before < 0 ? 0 : Math.abs(grey - before);
                equal += grey == before ? 1 : 0;
                before = grey;
            }
        }

        private int grey(byte[] samples, int at) {
            int red = samples[at] & 0xFF;
            if (square.channels() == 1) {
                return red;
            }
            int green = samples[at + 1] & 0xFF;
            int blue = samples[at + 2] & 0xFF;
            colour += Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
            return Plausibility.grey(red, green, blue);
        }

        float[] numbers(double aspect) {
            float[] numbers = new float[FIGURES + SMALL_LENGTH];
            double pixels = square.width() * square.height();
            int at = 0;
            numbers[at++] = (float) (colour / (255 * pixels));
            numbers[at++] = Arrays.stream(levels).filter(count -> count > 0).count() / 256f;
            numbers[at++] = (float) (count(0) / pixels);
            numbers[at++] = (float) (count(256 - BLACK) / pixels);
            numbers[at++] = (float) Math.log(aspect);
            numbers[at++] = (float) (steps / (255 * pixels));
            numbers[at++] = (float) (equal / pixels);
            for (double share : QUANTILES) {
                numbers[at++] = quantile(share * pixels);
            }
            small(numbers, at);
            return numbers;
        }

        private int count(int from) {
            return Arrays.stream(levels, from, from + BLACK).sum();
        }

        private float quantile(double rank) {
            int level = 0;
            for (int below = levels[0]; below < rank; below += levels[level]) {
                level++;
            }
            return level / 255f;
        }

        private void small(float[] numbers, int from) {
            ResizeFilter filter = new ResizeFilter(square.width(), SIDE, 0, SIDE);
            RasterImage small = BilinearResize.apply(square, 0, 0, filter, filter);
            byte[] samples = small.samples();
            for (int i = from; i < numbers.length; i++) {
                numbers[i] = grey(samples, (i - from) * small.channels()) / 255f;
            }
        }
    }
}
