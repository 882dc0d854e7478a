package org.deepcovid.core.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.deepcovid.core.inference.OnnxGraph.Attributes;
import org.deepcovid.core.inference.PlanNode.Bias;
import org.deepcovid.core.inference.PlanNode.Nonlinearity;

/**
 * Converts the nodes of a plan to ONNX operators. A batch normalisation that is the only consumer
 * of a convolution is folded into the convolution's kernel and bias.
 */
final class OnnxConverter {

    /** Name of the input tensor, float32 [N, C, H, W]. */
    static final String IMAGES = "images";

    private final OnnxGraph graph;
    private final NetworkParameters parameters;
    private final Map<String, ActivationShape> shapes;
    private final TensorNames names;
    private final BatchNormFolding folding;

    private OnnxConverter(OnnxGraph graph, NetworkPlan plan, NetworkParameters parameters) {
        this.graph = graph;
        this.parameters = parameters;
        this.shapes = plan.shapes();
        this.names = new TensorNames(plan);
        this.folding = new BatchNormFolding(plan);
    }

    /**
     * A model for any batch size, with input {@value #IMAGES}, already normalised, and the outputs
     * of the plan, named by {@link NetworkOutput#id()}.
     *
     * @throws IllegalArgumentException if a parameter is missing, has another length or a value
     *     that is not finite, or the model would take 2 GiB or more
     */
    static byte[] model(NetworkPlan plan, NetworkParameters parameters) {
        OnnxGraph graph = new OnnxGraph();
        graph.input(IMAGES, plan.inputShape());
        convert(graph, IMAGES, plan, parameters);
        return graph.model("deepcovid", "", Map.of());
    }

    /** Adds all nodes and outputs of a plan; {@code input} holds the normalised images. */
    static void convert(
            OnnxGraph graph, String input, NetworkPlan plan, NetworkParameters parameters) {
        OnnxConverter converter = new OnnxConverter(graph, plan, parameters);
        converter.names.rename(plan.input(), input);
        for (PlanNode node : plan.nodes()) {
            if (!converter.folding.isFolded(node)) {
                node.addTo(converter);
            }
        }
        converter
                .names
                .copies()
                .forEach((copy, of) -> graph.operator("Identity", List.of(of), copy));
        plan.outputs()
                .forEach(
                        (output, node) ->
                                graph.output(output.id(), converter.shapes.get(node).extents()));
    }

    void operator(String type, PlanNode node) {
        operator(type, node, new Attributes());
    }

    void operator(String type, PlanNode node, Attributes attributes) {
        graph.operator(type, inputs(node), output(node), attributes);
    }

    void add(PlanNode.Convolution node) {
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

    /** Writes the sums to the node's output, or to a tensor whose ReLU is the node's output. */
    private void withNonlinearity(Nonlinearity nonlinearity, PlanNode node, Consumer<String> sums) {
        if (nonlinearity == Nonlinearity.IDENTITY) {
            sums.accept(output(node));
        } else {
            String before = names.inner(node, "sums");
            sums.accept(before);
            graph.operator("Relu", List.of(before), output(node));
        }
    }

    void add(PlanNode.BatchNorm node) {
        int channels = shapes.get(node.name()).channels();
        ChannelScale scale = new ChannelScale(node, channels, parameters);
        List<String> inputs = new ArrayList<>(inputs(node));
        inputs.add(perChannel(node, "scale", channels, scale::factor));
        inputs.add(
                perChannel(
                        node, "shift", channels, () -> scale.summand(() -> new float[channels])));
        inputs.add(perChannel(node, "mean", channels, () -> new float[channels]));
        inputs.add(perChannel(node, "variance", channels, () -> ones(channels)));
        graph.operator(
                "BatchNormalization", inputs, output(node), new Attributes().real("epsilon", 0));
    }

    private String perChannel(PlanNode node, String part, int channels, Supplier<float[]> values) {
        return graph.constant(names.inner(node, part), List.of(channels), values);
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    void add(PlanNode.ZeroPadding node) {
        Window.Padding p = node.padding();
        long[] values = {0, 0, p.top(), p.left(), 0, 0, p.bottom(), p.right()};
        String pads = graph.wholeNumbers(names.inner(node, "pads"), values);
        graph.operator("Pad", List.of(inputs(node).get(0), pads), output(node));
    }

    void add(PlanNode.GlobalAverage node) {
        String pooled = names.inner(node, "pooled");
        graph.operator("GlobalAveragePool", inputs(node), pooled);
        graph.operator(
                "Flatten", List.of(pooled), output(node), new Attributes().number("axis", 1));
    }

    /** ONNX adds two tensors at a time. */
    void add(PlanNode.Add node) {
        List<String> inputs = inputs(node);
        String sum = inputs.get(0);
        for (int i = 1; i < inputs.size(); i++) {
            boolean last = i == inputs.size() - 1;
            String next = last ? output(node) : names.inner(node, "sum" + i);
            graph.operator("Add", List.of(sum, inputs.get(i)), next);
            sum = next;
        }
    }

    void add(PlanNode.Dense node) {
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

    static Attributes undilated(Window window) {
        Window.Padding p = window.padding();
        return new Attributes()
                .numbers("kernel_shape", window.kernel().height(), window.kernel().width())
                .numbers("strides", window.stride().height(), window.stride().width())
                .numbers("pads", p.top(), p.left(), p.bottom(), p.right());
    }

    static Attributes dilated(Window window) {
        return undilated(window)
                .numbers("dilations", window.dilation().height(), window.dilation().width());
    }
}
