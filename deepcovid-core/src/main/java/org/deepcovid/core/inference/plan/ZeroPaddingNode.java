package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Rows and columns of zeros around a map.
 *
 * @param name of this node
 * @param inputs one map
 * @param padding how many
 */
public record ZeroPaddingNode(String name, List<String> inputs, Padding padding)
        implements PlanNode {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there is not one input
     */
    public ZeroPaddingNode {
        inputs = Inputs.one(name, inputs);
        requireNonNull(padding, "padding is null");
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        ActivationShape input = Inputs.map(name, shapes.get(0));
        return ActivationShape.map(
                input.channels(),
                input.height() + padding.top() + padding.bottom(),
                input.width() + padding.left() + padding.right());
    }
}
