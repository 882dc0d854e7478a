package org.deepcovid.core.image;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Random changes such as those between hospitals, scanners and archives: the framing of the
 * radiograph, a uniform border that trimming missed, brightness, noise, compression, and a
 * laterality marker. Border, compression and marker are each applied to half of the images.
 *
 * @param maxCrop most that is cut away at each side, as a share of the side, in [0, 0.4]
 * @param maxBorder largest border at each side, in [0, 0.4]
 * @param maxBrightness largest relative change of all levels, in [0, 1)
 * @param maxNoise largest standard deviation of the noise, in grey levels, in [0, 64]
 * @param minJpegQuality lowest quality of the JDK's JPEG encoder, in [1, 100]
 * @param markers whether letters are added
 */
public record Acquisition(
        double maxCrop,
        double maxBorder,
        double maxBrightness,
        double maxNoise,
        int minJpegQuality,
        boolean markers) {

    private static final int BEST_QUALITY = 95;

    /**
     * @throws IllegalArgumentException if a value is outside its range
     */
    public Acquisition {
        if (!(maxCrop >= 0 && maxCrop <= 0.4)
                || !(maxBorder >= 0 && maxBorder <= 0.4)
                || !(maxBrightness >= 0 && maxBrightness < 1)
                || !(maxNoise >= 0 && maxNoise <= 64)
                || minJpegQuality < 1
                || minJpegQuality > 100) {
            throw new IllegalArgumentException(
                    "crop %s, border %s, brightness %s, noise %s, JPEG quality %d; expected 0 to 0.4, 0 to 0.4, 0 to 1 exclusive, 0 to 64, 1 to 100"
                            .formatted(
                                    maxCrop, maxBorder, maxBrightness, maxNoise, minJpegQuality));
        }
    }

    /**
     * Up to 12 % cut away and a border of up to 12 % at each side, 20 % of brightness, noise of 6
     * levels, JPEG from quality 25 on, markers.
     */
    public static Acquisition defaults() {
        return new Acquisition(0.12, 0.12, 0.2, 6, 25, true);
    }

    /** In words, for reports. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "up to %.0f %% cut away at each side, and for half of the images each a border of"
                    + " up to %.0f %%, JPEG compression of quality %d or better%s; brightness up to"
                    + " %.0f %%, noise up to %.1f levels",
                100 * maxCrop,
                100 * maxBorder,
                minJpegQuality,
                markers ? ", a letter in a corner" : "",
                100 * maxBrightness,
                maxNoise);
    }

    /** The square of a part of the image, with border and marker. */
    RasterImage framed(RasterImage image, Preprocessing preprocessing, SplittableRandom random) {
        ImagePart whole = preprocessing.standardization().part(image);
        ImagePart part =
                whole.inset(
                        (int) (random.nextDouble() * maxCrop * whole.width()),
                        (int) (random.nextDouble() * maxCrop * whole.height()),
                        (int) (random.nextDouble() * maxCrop * whole.width()),
                        (int) (random.nextDouble() * maxCrop * whole.height()));
        RasterImage square = preprocessing.crop(image, part);
        boolean marked = random.nextBoolean() && markers;
        RasterImage labelled = marked ? PixelChanges.marked(square, random) : square;
        if (random.nextBoolean() || maxBorder == 0) {
            return labelled;
        }
        double border = 1 / (1 + 2 * maxBorder * random.nextDouble());
        int level = random.nextBoolean() ? 0 : random.nextInt(256);
        int inner = (int) Math.round(square.width() * border);
        return PixelChanges.reduced(labelled, inner, level, random);
    }

    /** Brightness, noise and compression. */
    RasterImage recorded(RasterImage square, SplittableRandom random) {
        double brightness = Math.pow(1 + maxBrightness, 2 * random.nextDouble() - 1);
        RasterImage bright = PixelChanges.mapped(square, level -> brightness * level);
        RasterImage noisy = PixelChanges.noisy(bright, maxNoise * random.nextDouble(), random);
        int quality = random.nextInt(minJpegQuality, Math.max(minJpegQuality, BEST_QUALITY) + 1);
        return random.nextBoolean() ? PixelChanges.compressed(noisy, quality) : noisy;
    }
}
