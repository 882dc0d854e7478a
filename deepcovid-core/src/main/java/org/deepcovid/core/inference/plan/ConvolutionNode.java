package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Convolution: parameters {@code W} [out, in, kh, kw] and, with a bias, {@code b} [out].
 *
 * @param name of this node
 * @param inputs one map
 * @param channels number of output channels
 * @param window how the kernel slides
 * @param bias whether a bias is added
 * @param nonlinearity applied to the sums
 */
public record ConvolutionNode(
        String name,
        List<String> inputs,
        int channels,
        Window window,
        Bias bias,
        Nonlinearity nonlinearity)
        implements PlanNode {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there is not one input
     */
    public ConvolutionNode {
        inputs = Inputs.one(name, inputs);
        requireNonNull(window, "window is null");
        requireNonNull(bias, "bias is null");
        requireNonNull(nonlinearity, "nonlinearity is null");
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        return window.slideOver(shapes.get(0), channels);
    }

    @Override
    public Map<String, List<Integer>> parameters(List<ActivationShape> shapes) {
        Map<String, List<Integer>> parameters = new LinkedHashMap<>();
        parameters.put(
                "W",
                List.of(
                        channels,
                        shapes.get(0).channels(),
                        window.kernel().height(),
                        window.kernel().width()));
        if (bias == Bias.ADDED) {
            parameters.put("b", List.of(channels));
        }
        return parameters;
    }
}
