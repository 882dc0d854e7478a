package org.deepcovid.core.inference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.deepcovid.core.inference.onnx.OnnxGraph.Attributes;
import org.deepcovid.core.inference.plan.ActivationNode;
import org.deepcovid.core.inference.plan.ActivationShape;
import org.deepcovid.core.inference.plan.AddNode;
import org.deepcovid.core.inference.plan.AveragePoolNode;
import org.deepcovid.core.inference.plan.AveragePoolNode.Divisor;
import org.deepcovid.core.inference.plan.BatchNormNode;
import org.deepcovid.core.inference.plan.Bias;
import org.deepcovid.core.inference.plan.ConcatNode;
import org.deepcovid.core.inference.plan.ConvolutionNode;
import org.deepcovid.core.inference.plan.DenseNode;
import org.deepcovid.core.inference.plan.GlobalAverageNode;
import org.deepcovid.core.inference.plan.MaxPoolNode;
import org.deepcovid.core.inference.plan.NetworkParameters;
import org.deepcovid.core.inference.plan.NetworkPlan;
import org.deepcovid.core.inference.plan.Nonlinearity;
import org.deepcovid.core.inference.plan.Padding;
import org.deepcovid.core.inference.plan.PlanNode;
import org.deepcovid.core.inference.plan.Window;
import org.deepcovid.core.inference.plan.ZeroPaddingNode;

/**
 * Adds the nodes of a plan to an ONNX graph. A batch normalisation that alone takes what a
 * convolution gives disappears into the convolution's kernel and bias.
 */
final class PlanTranslation {

    private final OnnxGraph graph;
    private final NetworkPlan plan;
    private final NetworkParameters parameters;
    private final Map<String, ActivationShape> shapes;
    private final TensorNames names;
    private final BatchNormFolding folding;

    PlanTranslation(OnnxGraph graph, NetworkPlan plan, NetworkParameters parameters) {
        this.graph = graph;
        this.plan = plan;
        this.parameters = parameters;
        this.shapes = plan.shapes();
        this.names = new TensorNames(plan);
        this.folding = new BatchNormFolding(plan);
    }

    /**
     * Adds all nodes.
     *
     * @param input name of the tensor that holds the normalised images
     */
    void translate(String input) {
        names.rename(plan.input(), input);
        for (PlanNode node : plan.nodes()) {
            if (!folding.isFolded(node)) {
                add(node);
            }
        }
        names.copies().forEach((copy, of) -> graph.operator("Identity", List.of(of), copy));
    }

    private void add(PlanNode node) {
        if (node instanceof ConvolutionNode convolution) {
            add(convolution);
        } else if (node instanceof BatchNormNode norm) {
            add(norm);
        } else if (node instanceof ActivationNode activation) {
            boolean relu = activation.nonlinearity() == Nonlinearity.RELU;
            graph.operator(relu ? "Relu" : "Identity", inputs(node), output(node));
        } else if (node instanceof MaxPoolNode pool) {
            graph.operator("MaxPool", inputs(node), output(node), dilated(pool.window()));
        } else if (node instanceof AveragePoolNode pool) {
            long all = pool.divisor() == Divisor.ALL_ELEMENTS ? 1 : 0;
            graph.operator(
                    "AveragePool",
                    inputs(node),
                    output(node),
                    window(pool.window()).number("count_include_pad", all));
        } else if (node instanceof ZeroPaddingNode padding) {
            add(padding);
        } else if (node instanceof ConcatNode) {
            graph.operator(
                    "Concat", inputs(node), output(node), new Attributes().number("axis", 1));
        } else if (node instanceof AddNode) {
            addSum(node);
        } else if (node instanceof GlobalAverageNode) {
            String pooled = names.inner(node, "pooled");
            graph.operator("GlobalAveragePool", inputs(node), pooled);
            graph.operator(
                    "Flatten", List.of(pooled), output(node), new Attributes().number("axis", 1));
        } else if (node instanceof DenseNode dense) {
            add(dense);
        } else {
            throw new AssertionError("no translation for " + node);
        }
    }

    private void add(ConvolutionNode node) {
        Optional<ChannelScale> norm =
                folding.into(node).map(n -> new ChannelScale(n, node.channels(), parameters));
        List<Integer> kernel = parameterShapes(node).get("W");
        List<String> inputs = new ArrayList<>(inputs(node));
        inputs.add(
                graph.constant(
                        names.inner(node, "W"),
                        kernel,
                        () -> {
                            float[] values = parameter(node, "W", kernel);
                            return norm.map(n -> n.scaleOutputs(values)).orElse(values);
                        }));
        List<Integer> perChannel = List.of(node.channels());
        Supplier<float[]> bias =
                node.bias() == Bias.ADDED
                        ? () -> parameter(node, "b", perChannel)
                        : () -> new float[node.channels()];
        if (norm.isPresent() || node.bias() == Bias.ADDED) {
            inputs.add(
                    graph.constant(
                            names.inner(node, "b"),
                            perChannel,
                            norm.map(n -> (Supplier<float[]>) () -> n.summand(bias)).orElse(bias)));
        }
        PlanNode last = norm.isPresent() ? norm.get().node() : node;
        withNonlinearity(
                node.nonlinearity(),
                last,
                sums -> graph.operator("Conv", inputs, sums, dilated(node.window())));
    }

    /** Lets an operator write to the node's output, or before the ReLU that leads there. */
    private void withNonlinearity(Nonlinearity nonlinearity, PlanNode node, Consumer<String> sums) {
        if (nonlinearity == Nonlinearity.IDENTITY) {
            sums.accept(output(node));
        } else {
            String before = names.inner(node, "sums");
            sums.accept(before);
            graph.operator("Relu", List.of(before), output(node));
        }
    }

    private void add(BatchNormNode node) {
        int channels = shapes.get(node.name()).channels();
        ChannelScale scale = new ChannelScale(node, channels, parameters);
        List<Integer> perChannel = List.of(channels);
        List<String> inputs = new ArrayList<>(inputs(node));
        inputs.add(graph.constant(names.inner(node, "scale"), perChannel, scale::factor));
        inputs.add(
                graph.constant(
                        names.inner(node, "shift"),
                        perChannel,
                        () -> scale.summand(() -> new float[channels])));
        inputs.add(
                graph.constant(names.inner(node, "mean"), perChannel, () -> new float[channels]));
        inputs.add(graph.constant(names.inner(node, "variance"), perChannel, () -> ones(channels)));
        graph.operator(
                "BatchNormalization", inputs, output(node), new Attributes().real("epsilon", 0));
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private void add(ZeroPaddingNode node) {
        Padding p = node.padding();
        String pads =
                graph.wholeNumbers(
                        names.inner(node, "pads"),
                        List.of(
                                0L,
                                0L,
                                (long) p.top(),
                                (long) p.left(),
                                0L,
                                0L,
                                (long) p.bottom(),
                                (long) p.right()));
        graph.operator("Pad", List.of(inputs(node).get(0), pads), output(node));
    }

    /** ONNX adds two at a time. */
    private void addSum(PlanNode node) {
        List<String> inputs = inputs(node);
        String sum = inputs.get(0);
        for (int i = 1; i < inputs.size(); i++) {
            boolean last = i == inputs.size() - 1;
            String next = last ? output(node) : names.inner(node, "sum" + i);
            graph.operator("Add", List.of(sum, inputs.get(i)), next);
            sum = next;
        }
    }

    private void add(DenseNode node) {
        List<String> inputs = new ArrayList<>(inputs(node));
        parameterShapes(node)
                .forEach(
                        (name, shape) ->
                                inputs.add(
                                        graph.constant(
                                                names.inner(node, name),
                                                shape,
                                                () -> parameter(node, name, shape))));
        withNonlinearity(node.nonlinearity(), node, sums -> graph.operator("Gemm", inputs, sums));
    }

    private Map<String, List<Integer>> parameterShapes(PlanNode node) {
        return node.parameters(node.inputs().stream().map(shapes::get).toList());
    }

    private float[] parameter(PlanNode node, String name, List<Integer> shape) {
        return parameters.require(node.name() + "/" + name, shape);
    }

    private List<String> inputs(PlanNode node) {
        return node.inputs().stream().map(names::of).toList();
    }

    private String output(PlanNode node) {
        return names.of(node.name());
    }

    private static Attributes window(Window window) {
        Padding p = window.padding();
        return new Attributes()
                .numbers("kernel_shape", window.kernel().height(), window.kernel().width())
                .numbers("strides", window.stride().height(), window.stride().width())
                .numbers("pads", p.top(), p.left(), p.bottom(), p.right());
    }

    private static Attributes dilated(Window window) {
        return window(window)
                .numbers("dilations", window.dilation().height(), window.dilation().width());
    }
}
