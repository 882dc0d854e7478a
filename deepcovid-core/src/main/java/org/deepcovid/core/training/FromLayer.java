package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

/**
 * A layer and everything that its input does not depend on: the layers after it, and the branches
 * beside it. So naming the first layer of a block trains the block and what follows.
 *
 * @param layer name of a vertex of the backbone's graph, such as {@code "fire8.squeeze"}
 */
public record FromLayer(String layer) implements TrainableLayers {

    /**
     * Checks the name.
     *
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if it is blank
     */
    public FromLayer {
        requireNonNull(layer, "layer is null");
        if (layer.isBlank()) {
            throw new IllegalArgumentException(
                    "layer is blank; expected the name of a layer of the backbone");
        }
    }

    @Override
    public String describe() {
        return "head and the layers from " + layer + " on";
    }
}
