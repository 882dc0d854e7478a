package org.deepcovid.core.image;

import java.util.Locale;

/**
 * Refuses pictures without content, which would get a score like any other, and remarks on those
 * with little of it. Grey levels of colours are weighted means.
 */
final class Plausibility {

    private static final int FEWEST_LEVELS = 32;
    private static final int FEW_LEVELS = 64;
    private static final double ALMOST_ALL = 0.99;
    private static final double MOST = 0.9;
    private static final double SUSPICIOUS = 0.85;
    private static final int BLACK = 8; // levels at either end
    private static final int SAMPLE = 1 << 16; // pixels that usually suffice

    private final int[] counts = new int[256];
    private int pixels;

    private Plausibility() {}

    /**
     * Examines a picture.
     *
     * @return the picture, with remarks
     * @throws UnreadableImageException if it is blank or nearly so
     */
    static RasterImage check(String id, RasterImage image) {
        Plausibility found = of(image, Math.max(1, image.width() * image.height() / SAMPLE) | 1);
        if (found.levels() >= FEW_LEVELS && Math.max(found.black(), found.white()) < SUSPICIOUS) {
            return image;
        }
        return of(image, 1).judge(id, image);
    }

    /** Counts the grey levels of every {@code step}-th pixel. */
    private static Plausibility of(RasterImage image, int step) {
        Plausibility found = new Plausibility();
        byte[] samples = image.samples();
        if (image.channels() == 1) {
            for (int i = 0; i < samples.length; i += step) {
                found.counts[samples[i] & 0xFF]++;
                found.pixels++;
            }
        } else {
            for (int i = 0; i < samples.length; i += 3 * step) {
                int red = samples[i] & 0xFF;
                found.counts[grey(red, samples[i + 1] & 0xFF, samples[i + 2] & 0xFF)]++;
                found.pixels++;
            }
        }
        return found;
    }

    /** The grey level of a colour. */
    static int grey(int red, int green, int blue) {
        return (5 * red + 9 * green + 2 * blue) >> 4;
    }

    private RasterImage judge(String id, RasterImage image) {
        double black = black();
        double extreme = Math.max(black, white());
        String colour = black == extreme ? "black" : "white";
        if (levels() < FEWEST_LEVELS) {
            throw blank(
                    id,
                    "it has %s; expected at least %d"
                            .formatted(
                                    levels() == 1
                                            ? "a single grey level"
                                            : levels() + " grey levels",
                                    FEWEST_LEVELS));
        }
        if (extreme >= ALMOST_ALL) {
            throw blank(
                    id,
                    String.format(
                            Locale.ROOT,
                            "%.1f %% of its pixels are %s; expected less than %.0f %%",
                            100 * extreme,
                            colour,
                            100 * ALMOST_ALL));
        }
        RasterImage result = image;
        if (levels() < FEW_LEVELS) {
            result = result.withRemark("it has fewer than %d grey levels".formatted(FEW_LEVELS));
        }
        if (extreme >= MOST) {
            result =
                    result.withRemark(
                            "%.0f %% or more of its pixels are %s".formatted(100 * MOST, colour));
        }
        return result;
    }

    private static UnreadableImageException blank(String id, String reason) {
        return new UnreadableImageException(id, reason + " (is it a radiograph?)", null);
    }

    private int levels() {
        int levels = 0;
        for (int count : counts) {
            levels += count > 0 ? 1 : 0;
        }
        return levels;
    }

    private double black() {
        return share(0);
    }

    private double white() {
        return share(counts.length - BLACK);
    }

    private double share(int from) {
        int sum = 0;
        for (int level = from; level < from + BLACK; level++) {
            sum += counts[level];
        }
        return sum / (double) pixels;
    }
}
