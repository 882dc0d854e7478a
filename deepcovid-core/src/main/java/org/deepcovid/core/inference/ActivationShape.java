package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Shape of one image's activation, without the batch: a map [C, H, W] or a vector [C], of at most
 * 2^28 values.
 *
 * @param extents C, or C, H and W, each at least 1
 */
public record ActivationShape(List<Integer> extents) {

    private static final long MAX_VALUES = 1L << 28;

    public ActivationShape {
        extents = List.copyOf(requireNonNull(extents, "extents is null"));
        long values = 1;
        for (int extent : extents) {
            values = extent <= 0 || values > MAX_VALUES ? -1 : values * extent;
        }
        if ((extents.size() != 1 && extents.size() != 3) || values <= 0 || values > MAX_VALUES) {
            throw new IllegalArgumentException(
                    "activation of shape %s; expected [C] or [C, H, W], positive, at most 2^28 values"
                            .formatted(extents));
        }
    }

    static ActivationShape map(int channels, int height, int width) {
        return new ActivationShape(List.of(channels, height, width));
    }

    static ActivationShape vector(int channels) {
        return new ActivationShape(List.of(channels));
    }

    boolean isMap() {
        return extents.size() == 3;
    }

    /** Number of values. */
    int size() {
        return extents.stream().reduce(1, (a, b) -> a * b);
    }

    /**
     * Number of channels.
     *
     * @return at least 1
     */
    public int channels() {
        return extents.get(0);
    }

    /**
     * Number of rows.
     *
     * @return at least 1; for maps only
     */
    public int height() {
        return extents.get(1);
    }

    /**
     * Number of columns.
     *
     * @return at least 1; for maps only
     */
    public int width() {
        return extents.get(2);
    }
}
