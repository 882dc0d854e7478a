package org.deepcovid.core.inference.plan;

import java.util.List;

/**
 * The channels of its inputs, one input after another.
 *
 * @param name of this node
 * @param inputs two or more maps of one height and width, or two or more vectors
 */
public record ConcatNode(String name, List<String> inputs) implements PlanNode {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there are fewer than two inputs
     */
    public ConcatNode {
        inputs = Inputs.several(name, inputs);
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        ActivationShape first = shapes.get(0);
        int channels = 0;
        for (ActivationShape shape : shapes) {
            if (!sides(shape).equals(sides(first))) {
                throw new IllegalArgumentException(
                        "node '%s' joins %s and %s; expected equal heights and widths"
                                .formatted(name, first.extents(), shape.extents()));
            }
            channels = Math.addExact(channels, shape.channels());
        }
        return first.isMap()
                ? ActivationShape.map(channels, first.height(), first.width())
                : ActivationShape.vector(channels);
    }

    private static List<Integer> sides(ActivationShape shape) {
        return shape.extents().subList(1, shape.extents().size());
    }
}
