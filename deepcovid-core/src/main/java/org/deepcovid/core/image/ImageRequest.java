package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * One image to load, and how to change it.
 *
 * @param id id of the image
 * @param radiograph the image
 * @param change how it is changed on its way, if at all
 * @param seed seed of the change; ignored without one
 */
public record ImageRequest(
        String id, Radiograph radiograph, Optional<ImageChange> change, long seed) {

    public ImageRequest {
        requireNonNull(id, "id is null");
        requireNonNull(radiograph, "radiograph is null");
        requireNonNull(change, "change is null");
    }

    /** An image as it is. */
    public static ImageRequest plain(String id, Radiograph radiograph) {
        return new ImageRequest(id, radiograph, Optional.empty(), 0);
    }

    /** An image with a change. */
    public static ImageRequest changed(
            String id, Radiograph radiograph, ImageChange change, long seed) {
        return new ImageRequest(id, radiograph, Optional.of(change), seed);
    }

    /**
     * Decodes the image, changes it, and normalises it.
     *
     * @param target receives float32 [3, S, S], from its position on
     * @return remarks on the image as decoded, and statistics of the changed one
     * @throws UnreadableImageException if the image cannot be decoded
     */
    public ImageNotes load(Preprocessing preprocessing, FloatBuffer target) {
        RasterImage image = radiograph.decode();
        RasterImage square =
                preprocessing.finish(
                        change.map(change -> change.apply(image, preprocessing, seed))
                                .orElseGet(() -> preprocessing.crop(image)));
        preprocessing.toTensor(square, target);
        return new ImageNotes(image.remarks(), PixelStatistics.of(image, square));
    }
}
