package org.deepcovid.core.inference.plan;

/**
 * Rows and columns added around a map.
 *
 * @param top rows above
 * @param left columns to the left
 * @param bottom rows below
 * @param right columns to the right
 */
public record Padding(int top, int left, int bottom, int right) {

    /** Nothing is added. */
    public static final Padding NONE = new Padding(0, 0, 0, 0);

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one is not in 0 to 32767
     */
    public Padding {
        if (Math.min(Math.min(top, left), Math.min(bottom, right)) < 0
                || Math.max(Math.max(top, left), Math.max(bottom, right)) > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "padding top %d, left %d, bottom %d, right %d; expected 0 to %d"
                            .formatted(top, left, bottom, right, Short.MAX_VALUE));
        }
    }
}
