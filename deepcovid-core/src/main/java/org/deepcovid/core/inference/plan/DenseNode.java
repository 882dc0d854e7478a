package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fully connected layer: parameters {@code W} [in, out] and, with a bias, {@code b} [out].
 *
 * @param name of this node
 * @param inputs one vector
 * @param channels number of outputs
 * @param bias whether a bias is added
 * @param nonlinearity applied to the sums
 */
public record DenseNode(
        String name, List<String> inputs, int channels, Bias bias, Nonlinearity nonlinearity)
        implements PlanNode {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there is not one input
     */
    public DenseNode {
        inputs = Inputs.one(name, inputs);
        requireNonNull(bias, "bias is null");
        requireNonNull(nonlinearity, "nonlinearity is null");
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        Inputs.vector(name, shapes.get(0));
        return ActivationShape.vector(channels);
    }

    @Override
    public Map<String, List<Integer>> parameters(List<ActivationShape> shapes) {
        Map<String, List<Integer>> parameters = new LinkedHashMap<>();
        parameters.put("W", List.of(shapes.get(0).channels(), channels));
        if (bias == Bias.ADDED) {
            parameters.put("b", List.of(channels));
        }
        return parameters;
    }
}
