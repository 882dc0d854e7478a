package org.deepcovid.core.image;

/**
 * A rectangle of an image, in pixels.
 *
 * @param left first column
 * @param top first row
 * @param width number of columns, positive
 * @param height number of rows, positive
 */
public record ImagePart(int left, int top, int width, int height) {

    /**
     * @throws IllegalArgumentException if it is empty or begins outside an image
     */
    public ImagePart {
        if (left < 0 || top < 0 || width <= 0 || height <= 0) {
            throw new IllegalArgumentException(
                    "part of %d x %d pixels at (%d, %d); expected positive sizes, and a corner of at least 0"
                            .formatted(width, height, left, top));
        }
    }

    /** The whole image. */
    static ImagePart of(RasterImage image) {
        return new ImagePart(0, 0, image.width(), image.height());
    }

    /** Without some columns and rows at its sides. */
    ImagePart inset(int fromLeft, int fromTop, int fromRight, int fromBottom) {
        return new ImagePart(
                left + fromLeft,
                top + fromTop,
                width - fromLeft - fromRight,
                height - fromTop - fromBottom);
    }
}
