package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One image to load, and how to change it on the way.
 *
 * @param id names the image in batches and errors
 * @param file the image file
 * @param augmentation random changes after the crop, if any
 * @param seed decides the changes; of no effect without augmentation
 */
public record ImageRequest(String id, Path file, Optional<Augmentation> augmentation, long seed) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     */
    public ImageRequest {
        requireNonNull(id, "id is null");
        requireNonNull(file, "file is null");
        requireNonNull(augmentation, "augmentation is null");
    }

    /**
     * An image as it is.
     *
     * @param id names the image
     * @param file the image file
     * @return a request without augmentation
     */
    public static ImageRequest plain(String id, Path file) {
        return new ImageRequest(id, file, Optional.empty(), 0);
    }

    /**
     * An image with random changes.
     *
     * @param id names the image
     * @param file the image file
     * @param augmentation random changes after the crop
     * @param seed decides the changes
     * @return a request with augmentation
     */
    public static ImageRequest augmented(
            String id, Path file, Augmentation augmentation, long seed) {
        return new ImageRequest(id, file, Optional.of(augmentation), seed);
    }

    /** The cropped and perhaps changed image. */
    RasterImage load(Preprocessing preprocessing) {
        return augmentation
                .map(change -> change.load(file, preprocessing, seed))
                .orElseGet(() -> preprocessing.load(file));
    }
}
