package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One image to load, and how to change it.
 *
 * @param id id of the image
 * @param radiograph the image
 * @param augmentation random changes after the crop, if any
 * @param seed seed of the changes; ignored without augmentation
 */
public record ImageRequest(
        String id, Radiograph radiograph, Optional<Augmentation> augmentation, long seed) {

    public ImageRequest {
        requireNonNull(id, "id is null");
        requireNonNull(radiograph, "radiograph is null");
        requireNonNull(augmentation, "augmentation is null");
    }

    /**
     * An image without augmentation.
     *
     * @param id id of the image
     * @param radiograph the image
     */
    public static ImageRequest plain(String id, Radiograph radiograph) {
        return new ImageRequest(id, radiograph, Optional.empty(), 0);
    }

    /**
     * An image with augmentation.
     *
     * @param id id of the image
     * @param radiograph the image
     * @param augmentation random changes after the crop
     * @param seed seed of the changes
     */
    public static ImageRequest augmented(
            String id, Radiograph radiograph, Augmentation augmentation, long seed) {
        return new ImageRequest(id, radiograph, Optional.of(augmentation), seed);
    }

    /**
     * Decodes the image, changes it if an augmentation is given, and normalises it.
     *
     * @param target receives float32 [3, S, S], from its position on
     * @return remarks on the image as decoded
     * @throws UnreadableImageException if the image cannot be decoded
     */
    public List<String> load(Preprocessing preprocessing, FloatBuffer target) {
        RasterImage image = radiograph.decode();
        preprocessing.toTensor(
                augmentation
                        .map(change -> change.apply(image, preprocessing, seed))
                        .orElseGet(() -> preprocessing.resizeAndCrop(image)),
                target);
        return image.remarks();
    }
}
