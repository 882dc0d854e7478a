package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Largest value of each window; padding never wins.
 *
 * @param name of this node
 * @param inputs one map
 * @param window how it slides
 */
public record MaxPoolNode(String name, List<String> inputs, Window window) implements PlanNode {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there is not one input
     */
    public MaxPoolNode {
        inputs = Inputs.one(name, inputs);
        requireNonNull(window, "window is null");
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        return window.slideOver(shapes.get(0), shapes.get(0).channels());
    }
}
