package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A function of every value.
 *
 * @param name of this node
 * @param inputs one map or vector
 * @param nonlinearity the function
 */
public record ActivationNode(String name, List<String> inputs, Nonlinearity nonlinearity)
        implements PlanNode {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there is not one input
     */
    public ActivationNode {
        inputs = Inputs.one(name, inputs);
        requireNonNull(nonlinearity, "nonlinearity is null");
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        return shapes.get(0);
    }
}
