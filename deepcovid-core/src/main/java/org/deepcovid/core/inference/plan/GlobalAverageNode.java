package org.deepcovid.core.inference.plan;

import java.util.List;

/**
 * Mean of every channel: a map [C, H, W] becomes a vector [C].
 *
 * @param name of this node
 * @param inputs one map
 */
public record GlobalAverageNode(String name, List<String> inputs) implements PlanNode {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there is not one input
     */
    public GlobalAverageNode {
        inputs = Inputs.one(name, inputs);
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        return ActivationShape.vector(Inputs.map(name, shapes.get(0)).channels());
    }
}
