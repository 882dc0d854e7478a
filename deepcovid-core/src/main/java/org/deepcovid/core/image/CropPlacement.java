package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

/**
 * Maps coordinates between an image and the square that a network sees, according to {@link
 * Preprocessing#resizeAndCrop}.
 *
 * <p>Coordinates are continuous: pixel i covers i to i + 1, its centre is at i + 0.5.
 *
 * @param imageWidth width of the image, in pixels
 * @param imageHeight height of the image, in pixels
 * @param part the part of the image that is resized and cropped
 * @param inputSize height and width S of the square, in pixels
 */
public record CropPlacement(int imageWidth, int imageHeight, ImagePart part, int inputSize) {

    /**
     * @throws IllegalArgumentException if a size is not positive, or the part is not in the image
     */
    public CropPlacement {
        requireNonNull(part, "part is null");
        if (imageWidth <= 0 || imageHeight <= 0 || inputSize <= 0) {
            throw new IllegalArgumentException(
                    "image of %d x %d pixels, input of %d; expected positive sizes"
                            .formatted(imageWidth, imageHeight, inputSize));
        }
        if (part.left() + part.width() > imageWidth || part.top() + part.height() > imageHeight) {
            throw new IllegalArgumentException(
                    "%s; expected a part of an image of %d x %d pixels"
                            .formatted(part, imageWidth, imageHeight));
        }
    }

    /** The placement of an image that is resized as a whole. */
    public CropPlacement(int imageWidth, int imageHeight, int inputSize) {
        this(imageWidth, imageHeight, new ImagePart(0, 0, imageWidth, imageHeight), inputSize);
    }

    /** Length of a side after the short side was resized to S. */
    private long resized(int side) {
        return (long) inputSize * side / Math.min(part.width(), part.height());
    }

    private long offset(int side) {
        return (long) Math.rint((resized(side) - inputSize) / 2.0);
    }

    /**
     * Maps an x coordinate from the image to the square.
     *
     * @param x x in the image
     * @return x in the square; below 0 or above S outside the crop
     */
    public double cropX(double x) {
        return (x - part.left()) * resized(part.width()) / part.width() - offset(part.width());
    }

    /**
     * Maps a y coordinate from the image to the square.
     *
     * @param y y in the image
     * @return y in the square; below 0 or above S outside the crop
     */
    public double cropY(double y) {
        return (y - part.top()) * resized(part.height()) / part.height() - offset(part.height());
    }

    /**
     * Maps an x coordinate from the square to the image.
     *
     * @param x x in the square
     * @return x in the image
     */
    public double imageX(double x) {
        return part.left() + (x + offset(part.width())) * part.width() / resized(part.width());
    }

    /**
     * Maps a y coordinate from the square to the image.
     *
     * @param y y in the square
     * @return y in the image
     */
    public double imageY(double y) {
        return part.top() + (y + offset(part.height())) * part.height() / resized(part.height());
    }

    /**
     * Whether the centre of a pixel is inside the square.
     *
     * @param x column
     * @param y row
     * @return false if the pixel was cropped away
     */
    public boolean covers(int x, int y) {
        double cropX = cropX(x + 0.5);
        double cropY = cropY(y + 0.5);
        return cropX >= 0 && cropX < inputSize && cropY >= 0 && cropY < inputSize;
    }
}
