package org.deepcovid.core.image;

/** A change of an image on its way to a network. Its {@code toString} tells it from others. */
@FunctionalInterface
public interface ImageChange {

    /**
     * Makes the changed square that is then standardised in its grey levels and normalised.
     *
     * @param image as decoded, any size
     * @param preprocessing says which part of an image is resized to which size
     * @param seed seed of all random choices; equal seeds give equal results
     * @return a square of the input size, with the channels of the image
     */
    RasterImage apply(RasterImage image, Preprocessing preprocessing, long seed);
}
