package org.deepcovid.core.model;

import static java.util.Objects.requireNonNull;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a backbone computed for a batch, before any head.
 *
 * @param map last feature map, float32 [N, C, h, w]
 * @param pooled its global average, float32 [N, C]
 */
public record FeatureTrace(INDArray map, INDArray pooled) {

    /**
     * Checks that the two arrays belong together.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if ranks, batch sizes or channels disagree
     */
    public FeatureTrace {
        requireNonNull(map, "map is null");
        requireNonNull(pooled, "pooled is null");
        if (map.rank() != 4
                || pooled.rank() != 2
                || map.size(0) != pooled.size(0)
                || map.size(1) != pooled.size(1)) {
            throw new IllegalArgumentException(
                    "map %s and pooled %s; expected [N, C, h, w] and [N, C]"
                            .formatted(map.shapeInfoToString(), pooled.shapeInfoToString()));
        }
    }
}
