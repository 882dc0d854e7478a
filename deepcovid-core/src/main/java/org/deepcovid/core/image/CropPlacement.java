package org.deepcovid.core.image;

/**
 * Maps coordinates between an image and the square that a network sees, according to {@link
 * Preprocessing#resizeAndCrop}.
 *
 * <p>Coordinates are continuous: pixel i covers i to i + 1, its centre is at i + 0.5.
 *
 * @param imageWidth width of the image, in pixels
 * @param imageHeight height of the image, in pixels
 * @param inputSize height and width S of the square, in pixels
 */
public record CropPlacement(int imageWidth, int imageHeight, int inputSize) {

    /**
     * @throws IllegalArgumentException if a size is not positive
     */
    public CropPlacement {
        if (imageWidth <= 0 || imageHeight <= 0 || inputSize <= 0) {
            throw new IllegalArgumentException(
                    "image of %d x %d pixels, input of %d; expected positive sizes"
                            .formatted(imageWidth, imageHeight, inputSize));
        }
    }

    /** Length of a side after the short side was resized to S. */
    private long resized(int side) {
        return (long) inputSize * side / Math.min(imageWidth, imageHeight);
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
        return x * resized(imageWidth) / imageWidth - offset(imageWidth);
    }

    /**
     * Maps a y coordinate from the image to the square.
     *
     * @param y y in the image
     * @return y in the square; below 0 or above S outside the crop
     */
    public double cropY(double y) {
        return y * resized(imageHeight) / imageHeight - offset(imageHeight);
    }

    /**
     * Maps an x coordinate from the square to the image.
     *
     * @param x x in the square
     * @return x in the image
     */
    public double imageX(double x) {
        return (x + offset(imageWidth)) * imageWidth / resized(imageWidth);
    }

    /**
     * Maps a y coordinate from the square to the image.
     *
     * @param y y in the square
     * @return y in the image
     */
    public double imageY(double y) {
        return (y + offset(imageHeight)) * imageHeight / resized(imageHeight);
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
