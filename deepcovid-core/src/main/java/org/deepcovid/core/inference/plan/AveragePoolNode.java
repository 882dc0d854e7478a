package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Mean of each window.
 *
 * @param name of this node
 * @param inputs one map
 * @param window how it slides, without dilation
 * @param divisor what the sum is divided by
 */
public record AveragePoolNode(String name, List<String> inputs, Window window, Divisor divisor)
        implements PlanNode {

    /** What the sum of a window that reaches into the padding is divided by. */
    public enum Divisor {
        /** The number of its elements inside the map. */
        ELEMENTS_INSIDE,
        /** The number of all its elements. */
        ALL_ELEMENTS
    }

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there is not one input or the window is dilated
     */
    public AveragePoolNode {
        inputs = Inputs.one(name, inputs);
        requireNonNull(window, "window is null");
        requireNonNull(divisor, "divisor is null");
        if (!window.dilation().equals(new Extent(1, 1))) {
            throw new IllegalArgumentException(
                    "average pooling '%s' has dilation %s; expected 1"
                            .formatted(name, window.dilation()));
        }
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        return window.slideOver(shapes.get(0), shapes.get(0).channels());
    }
}
