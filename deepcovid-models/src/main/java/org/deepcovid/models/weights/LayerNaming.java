package org.deepcovid.models.weights;

import static java.util.Objects.requireNonNull;

import java.util.function.UnaryOperator;

/**
 * What one generation of weights files calls the layers of a graph.
 *
 * @param description names the generation in messages
 * @param layout layout of the files that use it
 * @param fileName from the graph's layer name to the file's; injective
 */
public record LayerNaming(String description, Layout layout, UnaryOperator<String> fileName) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     */
    public LayerNaming {
        requireNonNull(description, "description is null");
        requireNonNull(layout, "layout is null");
        requireNonNull(fileName, "fileName is null");
    }
}
