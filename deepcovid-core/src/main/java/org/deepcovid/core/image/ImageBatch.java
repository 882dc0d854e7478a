package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Images ready for a network.
 *
 * @param ids ids of the N images, in order
 * @param inputSize height and width S of the images
 * @param images float32 [N, 3, S, S], normalised, from position to limit; {@link ImageBatches}
 *     reuses its buffers, so copy what is needed later
 */
public record ImageBatch(List<String> ids, int inputSize, FloatBuffer images) {

    /**
     * Checks the sizes and copies the ids.
     *
     * @throws IllegalArgumentException unless the buffer has 3 * S * S values per id
     */
    public ImageBatch {
        ids = List.copyOf(ids);
        requireNonNull(images, "images is null");
        long expected = 3L * inputSize * inputSize * ids.size();
        if (inputSize <= 0 || images.remaining() != expected) {
            throw new IllegalArgumentException(
                    "%d values for %d images of side %d; expected %d"
                            .formatted(images.remaining(), ids.size(), inputSize, expected));
        }
    }

    /**
     * Number of images.
     *
     * @return N, at least 1
     */
    public int size() {
        return ids.size();
    }

    /**
     * A copy of the values.
     *
     * @return in order [N, C, H, W]
     */
    public float[] toArray() {
        float[] values = new float[images.remaining()];
        images.duplicate().get(values);
        return values;
    }
}
