package org.deepcovid.core.image;

import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Ways in which a radiograph arrives other than it was taken. */
public enum Alteration implements ImageChange {
    /** Black and white exchanged. */
    INVERTED("inverted grey levels", square((image, random) -> PixelChanges.inverted(image))),
    /** A quarter turn clockwise. */
    TURNED_RIGHT("turned by 90 degrees", square((image, random) -> PixelChanges.turned(image, 1))),
    /** Half a turn. */
    UPSIDE_DOWN("upside down", square((image, random) -> PixelChanges.turned(image, 2))),
    /** A quarter turn counterclockwise. */
    TURNED_LEFT("turned by 90 degrees", square((image, random) -> PixelChanges.turned(image, 3))),
    /** Reduced to 45 to 70 % of its width and height, on a uniform ground. */
    BORDERED(
            "a wide border",
            square(
                    (image, random) -> {
                        int inner = (int) Math.round(image.width() * random.nextDouble(0.45, 0.7));
                        int level = random.nextBoolean() ? 0 : random.nextInt(256);
                        return PixelChanges.reduced(image, inner, level, random);
                    })),
    /** A part of 10 to 30 % of its area. */
    CROPPED(
            "much of it cut away",
            (image, preprocessing, seed) ->
                    new ResizedCrop(0.1, 0.3, 1.2).apply(image, preprocessing, seed)),
    /** A black border of 5 % at each side. */
    BORDER_5("black border of 5 %", whole((i, random) -> PixelChanges.bordered(i, 0.05, 0))),
    /** A black border of 10 % at each side. */
    BORDER_10("black border of 10 %", whole((i, random) -> PixelChanges.bordered(i, 0.1, 0))),
    /** Without 5 % at each side. */
    CROP_5("5 % cut away at each side", whole((i, random) -> PixelChanges.cropped(i, 0.05))),
    /** Every level 15 % lower. */
    DARKER("15 % darker", whole((i, random) -> PixelChanges.mapped(i, level -> 0.85 * level))),
    /** Every level 15 % higher, at most white. */
    BRIGHTER("15 % brighter", whole((i, random) -> PixelChanges.mapped(i, level -> 1.15 * level))),
    /** Compressed with loss. */
    JPEG_30("JPEG of quality 30", whole((i, random) -> PixelChanges.compressed(i, 30))),
    /** Turned by 5 degrees to either side; the border repeats. */
    ROTATED_5(
            "rotated by 5 degrees",
            whole((i, random) -> PixelChanges.rotated(i, random.nextBoolean() ? 5 : -5))),
    /** Left and right exchanged. */
    MIRRORED("mirrored", whole((i, random) -> PixelChanges.mirrored(i))),
    /** With a white letter in an upper corner. */
    MARKED("text marker", whole(PixelChanges::marked)),
    /** Three times as wide and high. */
    ENLARGED_3("enlarged three times", whole((i, random) -> PixelChanges.enlarged(i, 3)));

    /** Those that an input check is fitted to recognise, made of the network's input. */
    public static final List<Alteration> RECOGNISED = List.copyOf(EnumSet.range(INVERTED, CROPPED));

    /** Those of a stress test, made of the whole image before it is preprocessed. */
    public static final List<Alteration> STRESSES =
            Stream.concat(EnumSet.range(BORDER_5, ENLARGED_3).stream(), Stream.of(INVERTED))
                    .toList();

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // functions of this class, without state
    private final ImageChange change;

    Alteration(String description, ImageChange change) {
        this.description = description;
        this.change = change;
    }

    private static ImageChange square(BiFunction<RasterImage, SplittableRandom, RasterImage> of) {
        return (image, preprocessing, seed) ->
                of.apply(preprocessing.crop(image), new SplittableRandom(seed));
    }

    private static ImageChange whole(BiFunction<RasterImage, SplittableRandom, RasterImage> of) {
        return (image, preprocessing, seed) ->
                preprocessing.crop(of.apply(image, new SplittableRandom(seed)));
    }

    /** What is odd about such an image. */
    public String description() {
        return description;
    }

    @Override
    public RasterImage apply(RasterImage image, Preprocessing preprocessing, long seed) {
        return change.apply(image, preprocessing, seed);
    }
}
