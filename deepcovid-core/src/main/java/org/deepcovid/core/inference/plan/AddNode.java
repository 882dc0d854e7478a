package org.deepcovid.core.inference.plan;

import java.util.List;

/**
 * Sum of its inputs, element by element.
 *
 * @param name of this node
 * @param inputs two or more activations of one shape
 */
public record AddNode(String name, List<String> inputs) implements PlanNode {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there are fewer than two inputs
     */
    public AddNode {
        inputs = Inputs.several(name, inputs);
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        for (ActivationShape shape : shapes) {
            if (!shape.equals(shapes.get(0))) {
                throw new IllegalArgumentException(
                        "node '%s' adds %s and %s; expected equal shapes"
                                .formatted(name, shapes.get(0).extents(), shape.extents()));
            }
        }
        return shapes.get(0);
    }
}
