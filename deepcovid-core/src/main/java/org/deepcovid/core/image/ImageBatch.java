package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images ready for a network.
 *
 * @param ids names of the N images, in the order of the rows
 * @param images float32 [N, 3, S, S], c order, normalised
 */
public record ImageBatch(List<String> ids, INDArray images) {

    /**
     * Checks the shape and copies the names.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the array is not [N, 3, S, S] with a row for each name
     */
    public ImageBatch {
        ids = List.copyOf(ids);
        requireNonNull(images, "images is null");
        if (images.rank() != 4 || images.size(0) != ids.size() || images.size(1) != 3) {
            throw new IllegalArgumentException(
                    "images of shape %s for %d names; expected [%d, 3, S, S]"
                            .formatted(Arrays.toString(images.shape()), ids.size(), ids.size()));
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
}
