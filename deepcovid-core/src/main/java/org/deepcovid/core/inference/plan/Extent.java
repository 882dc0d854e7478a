package org.deepcovid.core.inference.plan;

/**
 * Two numbers that belong to the two directions of an image.
 *
 * @param height along the rows, 1 to 32767
 * @param width along the columns, 1 to 32767
 */
public record Extent(int height, int width) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one is not in 1 to 32767
     */
    public Extent {
        if (height < 1 || width < 1 || height > Short.MAX_VALUE || width > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "extent %d x %d; expected 1 to %d".formatted(height, width, Short.MAX_VALUE));
        }
    }
}
