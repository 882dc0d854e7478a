package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;

/**
 * One operation of a network. Its parameters are stored under the node's name: {@code name/W}. The
 * kinds and their components are the JSON of saved classifiers, so their names must not change.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PlanNode.Convolution.class, name = "convolution"),
    @JsonSubTypes.Type(value = PlanNode.BatchNorm.class, name = "batchNorm"),
    @JsonSubTypes.Type(value = PlanNode.Activation.class, name = "activation"),
    @JsonSubTypes.Type(value = PlanNode.MaxPool.class, name = "maxPool"),
    @JsonSubTypes.Type(value = PlanNode.AveragePool.class, name = "averagePool"),
    @JsonSubTypes.Type(value = PlanNode.ZeroPadding.class, name = "zeroPadding"),
    @JsonSubTypes.Type(value = PlanNode.Concat.class, name = "concat"),
    @JsonSubTypes.Type(value = PlanNode.Add.class, name = "add"),
    @JsonSubTypes.Type(value = PlanNode.GlobalAverage.class, name = "globalAverage"),
    @JsonSubTypes.Type(value = PlanNode.Dense.class, name = "dense")
})
public sealed interface PlanNode {

    /** Whether a node adds a bias, the parameter {@code b}, to its sums. */
    enum Bias {
        ADDED,
        NONE
    }

    /** Element-wise function. */
    enum Nonlinearity {
        IDENTITY,
        RELU
    }

    /** Name of the node and of its activation, unique within the plan. */
    String name();

    /** Names of earlier nodes or of the plan's input, in order, at least one. */
    List<String> inputs();

    /**
     * Shape of the activation, without the batch.
     *
     * @param shapes of the inputs
     * @throws IllegalArgumentException if the node does not accept them
     */
    ActivationShape shape(List<ActivationShape> shapes);

    /**
     * Shapes of the parameters by name, such as {@code "W"}.
     *
     * @param shapes of the inputs
     */
    default Map<String, List<Integer>> parameters(List<ActivationShape> shapes) {
        return Map.of();
    }

    /**
     * Centres of this node's cells in the network's input; empty if they are not on a square grid.
     *
     * @param below centres of the (first) input's cells
     */
    default Optional<CellCentres> centres(CellCentres below) {
        return Optional.of(below);
    }

    /** Adds the ONNX operators of this node. */
    void addTo(OnnxConverter onnx);

    private static List<String> one(String name, List<String> inputs) {
        return between(name, inputs, 1, 1);
    }

    private static List<String> several(String name, List<String> inputs) {
        return between(name, inputs, 2, Short.MAX_VALUE);
    }

    private static List<String> between(String name, List<String> inputs, int min, int max) {
        requireNonNull(name, "name is null");
        List<String> copy = List.copyOf(requireNonNull(inputs, "inputs is null"));
        if (copy.size() < min || copy.size() > max) {
            throw new IllegalArgumentException(
                    "node '%s' has inputs %s; expected %s"
                            .formatted(name, copy, min == max ? "one" : "two or more"));
        }
        return copy;
    }

    private static ActivationShape map(String name, ActivationShape shape) {
        if (!shape.isMap()) {
            throw new IllegalArgumentException(
                    "input of node '%s' is %s; expected a map [C, H, W]"
                            .formatted(name, shape.extents()));
        }
        return shape;
    }

    private static Map<String, List<Integer>> weights(List<Integer> shape, int outputs, Bias bias) {
        Map<String, List<Integer>> parameters = new LinkedHashMap<>();
        parameters.put("W", shape);
        if (bias == Bias.ADDED) {
            parameters.put("b", List.of(outputs));
        }
        return parameters;
    }

    /** Convolution: {@code W} [out, in, kh, kw] and, with a bias, {@code b} [out]. */
    record Convolution(
            String name,
            List<String> inputs,
            int channels,
            Window window,
            Bias bias,
            Nonlinearity nonlinearity)
            implements PlanNode {

        public Convolution {
            inputs = one(name, inputs);
            requireNonNull(window, "window is null");
            requireNonNull(bias, "bias is null");
            requireNonNull(nonlinearity, "nonlinearity is null");
        }

        @Override
        public ActivationShape shape(List<ActivationShape> shapes) {
            return window.outputShape(shapes.get(0), channels);
        }

        @Override
        public Map<String, List<Integer>> parameters(List<ActivationShape> shapes) {
            Window.Extent kernel = window.kernel();
            return weights(
                    List.of(channels, shapes.get(0).channels(), kernel.height(), kernel.width()),
                    channels,
                    bias);
        }

        @Override
        public Optional<CellCentres> centres(CellCentres below) {
            return window.centres(below);
        }

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.add(this);
        }
    }

    /**
     * Batch normalisation by running statistics: {@code (x - mean) / sqrt(variance + epsilon) *
     * gamma + beta} per channel. Parameters {@code gamma}, {@code beta}, {@code mean} and, by
     * {@link Spread}, {@code var} or {@code log10stdev}, each [C].
     */
    record BatchNorm(String name, List<String> inputs, double epsilon, Spread spread)
            implements PlanNode {

        /** The parameter that holds the spread of a channel, as DL4J names it. */
        public enum Spread {
            /** The variance. */
            VARIANCE("var"),
            /** Decimal logarithm of the standard deviation. */
            LOG10_DEVIATION("log10stdev");

            private final String parameter;

            Spread(String parameter) {
                this.parameter = parameter;
            }

            String parameter() {
                return parameter;
            }

            double variance(float value) {
                return this == VARIANCE ? value : Math.pow(10, 2.0 * value);
            }
        }

        public BatchNorm {
            inputs = one(name, inputs);
            requireNonNull(spread, "spread is null");
            if (!(epsilon >= 0 && epsilon < 1)) {
                throw new IllegalArgumentException(
                        "epsilon of node '%s' is %s; expected [0, 1)".formatted(name, epsilon));
            }
        }

        @Override
        public ActivationShape shape(List<ActivationShape> shapes) {
            return shapes.get(0);
        }

        @Override
        public Map<String, List<Integer>> parameters(List<ActivationShape> shapes) {
            List<Integer> perChannel = List.of(shapes.get(0).channels());
            Map<String, List<Integer>> parameters = new LinkedHashMap<>();
            for (String parameter : List.of("gamma", "beta", "mean", spread.parameter())) {
                parameters.put(parameter, perChannel);
            }
            return parameters;
        }

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.add(this);
        }
    }

    /** A function of every value. */
    record Activation(String name, List<String> inputs, Nonlinearity nonlinearity)
            implements PlanNode {

        public Activation {
            inputs = one(name, inputs);
            requireNonNull(nonlinearity, "nonlinearity is null");
        }

        @Override
        public ActivationShape shape(List<ActivationShape> shapes) {
            return shapes.get(0);
        }

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.operator(nonlinearity == Nonlinearity.RELU ? "Relu" : "Identity", this);
        }
    }

    /** Maximum of each window; padding counts as minus infinity. */
    record MaxPool(String name, List<String> inputs, Window window) implements PlanNode {

        public MaxPool {
            inputs = one(name, inputs);
            requireNonNull(window, "window is null");
        }

        @Override
        public ActivationShape shape(List<ActivationShape> shapes) {
            return window.outputShape(shapes.get(0), shapes.get(0).channels());
        }

        @Override
        public Optional<CellCentres> centres(CellCentres below) {
            return window.centres(below);
        }

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.operator("MaxPool", this, OnnxConverter.dilated(window));
        }
    }

    /** Mean of each window, which must not be dilated. */
    record AveragePool(String name, List<String> inputs, Window window, Divisor divisor)
            implements PlanNode {

        /** Divisor of the sum of a window that extends into the padding. */
        public enum Divisor {
            /** The number of its elements inside the map. */
            ELEMENTS_INSIDE,
            /** The number of all its elements. */
            ALL_ELEMENTS
        }

        public AveragePool {
            inputs = one(name, inputs);
            requireNonNull(window, "window is null");
            requireNonNull(divisor, "divisor is null");
            if (!window.dilation().equals(Window.Extent.ONE)) {
                throw new IllegalArgumentException(
                        "average pooling '%s' has dilation %s; expected 1"
                                .formatted(name, window.dilation()));
            }
        }

        @Override
        public ActivationShape shape(List<ActivationShape> shapes) {
            return window.outputShape(shapes.get(0), shapes.get(0).channels());
        }

        @Override
        public Optional<CellCentres> centres(CellCentres below) {
            return window.centres(below);
        }

        @Override
        public void addTo(OnnxConverter onnx) {
            long all = divisor == Divisor.ALL_ELEMENTS ? 1 : 0;
            onnx.operator(
                    "AveragePool",
                    this,
                    OnnxConverter.undilated(window).number("count_include_pad", all));
        }
    }

    /** Rows and columns of zeros around a map. */
    record ZeroPadding(String name, List<String> inputs, Window.Padding padding)
            implements PlanNode {

        public ZeroPadding {
            inputs = one(name, inputs);
            requireNonNull(padding, "padding is null");
        }

        @Override
        public ActivationShape shape(List<ActivationShape> shapes) {
            ActivationShape input = map(name, shapes.get(0));
            return ActivationShape.map(
                    input.channels(),
                    input.height() + padding.top() + padding.bottom(),
                    input.width() + padding.left() + padding.right());
        }

        @Override
        public Optional<CellCentres> centres(CellCentres below) {
            return padding.top() == padding.left()
                    ? Optional.of(
                            new CellCentres(
                                    below.first() - padding.top() * below.step(), below.step()))
                    : Optional.empty();
        }

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.add(this);
        }
    }

    /** Concatenation along the channels, of maps of equal height and width or of vectors. */
    record Concat(String name, List<String> inputs) implements PlanNode {

        public Concat {
            inputs = several(name, inputs);
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

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.operator("Concat", this, new OnnxGraph.Attributes().number("axis", 1));
        }
    }

    /** Element-wise sum of two or more activations of one shape. */
    record Add(String name, List<String> inputs) implements PlanNode {

        public Add {
            inputs = several(name, inputs);
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

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.add(this);
        }
    }

    /** Mean of every channel: a map [C, H, W] becomes a vector [C]. */
    record GlobalAverage(String name, List<String> inputs) implements PlanNode {

        public GlobalAverage {
            inputs = one(name, inputs);
        }

        @Override
        public ActivationShape shape(List<ActivationShape> shapes) {
            return ActivationShape.vector(map(name, shapes.get(0)).channels());
        }

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.add(this);
        }
    }

    /** Fully connected layer: {@code W} [in, out] and, with a bias, {@code b} [out]. */
    record Dense(
            String name, List<String> inputs, int channels, Bias bias, Nonlinearity nonlinearity)
            implements PlanNode {

        public Dense {
            inputs = one(name, inputs);
            requireNonNull(bias, "bias is null");
            requireNonNull(nonlinearity, "nonlinearity is null");
        }

        @Override
        public ActivationShape shape(List<ActivationShape> shapes) {
            if (shapes.get(0).isMap()) {
                throw new IllegalArgumentException(
                        "input of node '%s' is %s; expected a vector [C]"
                                .formatted(name, shapes.get(0).extents()));
            }
            return ActivationShape.vector(channels);
        }

        @Override
        public Map<String, List<Integer>> parameters(List<ActivationShape> shapes) {
            return weights(List.of(shapes.get(0).channels(), channels), channels, bias);
        }

        @Override
        public void addTo(OnnxConverter onnx) {
            onnx.add(this);
        }
    }
}
