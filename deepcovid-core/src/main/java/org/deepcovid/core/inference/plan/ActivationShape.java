package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Shape of one image's activation, without the batch: a map [C, H, W] or a vector [C].
 *
 * @param extents three positive numbers or one
 */
public record ActivationShape(List<Integer> extents) {

    private static final long MOST_VALUES = 1L << 28;

    /**
     * Checks and copies the component.
     *
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if there are neither one nor three extents, one is not
     *     positive, or they stand for more than 2^28 values
     */
    public ActivationShape {
        extents = List.copyOf(requireNonNull(extents, "extents is null"));
        long values = 1;
        for (int extent : extents) {
            values = extent <= 0 || values > MOST_VALUES ? -1 : values * extent;
        }
        if ((extents.size() != 1 && extents.size() != 3) || values <= 0 || values > MOST_VALUES) {
            throw new IllegalArgumentException(
                    "activation of shape %s; expected [C] or [C, H, W], positive, at most 2^28 values"
                            .formatted(extents));
        }
    }

    /**
     * A map.
     *
     * @param channels C
     * @param height H
     * @param width W
     * @return [C, H, W]
     * @throws IllegalArgumentException as the constructor
     */
    public static ActivationShape map(int channels, int height, int width) {
        return new ActivationShape(List.of(channels, height, width));
    }

    /**
     * A vector.
     *
     * @param channels C
     * @return [C]
     * @throws IllegalArgumentException as the constructor
     */
    public static ActivationShape vector(int channels) {
        return new ActivationShape(List.of(channels));
    }

    boolean isMap() {
        return extents.size() == 3;
    }

    /**
     * Number of values.
     *
     * @return the product of the extents
     */
    public int size() {
        return extents.stream().reduce(1, (a, b) -> a * b);
    }

    /**
     * Number of channels, or of values in a vector.
     *
     * @return C
     */
    public int channels() {
        return extents.get(0);
    }

    int height() {
        return extents.get(1);
    }

    int width() {
        return extents.get(2);
    }
}
