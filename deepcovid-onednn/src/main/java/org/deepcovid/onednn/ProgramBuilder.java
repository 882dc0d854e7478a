package org.deepcovid.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MULTIPLE_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory_desc_vector;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.deepcovid.core.inference.ActivationShape;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.inference.PlanNode;
import org.deepcovid.core.inference.PlanNode.Nonlinearity;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.inference.UnsupportedLayerException;
import org.deepcovid.core.inference.Window;

/**
 * Makes a {@link Program}. Feature maps are kept channels last; the layouts of kernels are left to
 * oneDNN. A convolution whose result is added to an earlier map, and a ReLU behind the sum, become
 * one call; so does a batch normalisation with its ReLU. Memory is used again once nothing needs
 * its contents.
 */
final class ProgramBuilder {

    /** A feature map in memory. */
    private record Feature(memory values, Block block) {}

    private final NetworkPlan plan;
    private final Weights weights;
    private final engine cpu = OneDnn.cpu();
    private final memory.data_type type;
    private final Map<String, ActivationShape> shapes;
    private final Map<String, List<PlanNode>> consumers = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Feature> maps = new HashMap<>();
    private final Map<String, Supplier<float[]>> vectors = new HashMap<>();
    private final Map<String, Supplier<float[]>> plain = new HashMap<>();
    private final Set<String> fused = new HashSet<>();
    private final Memory pool = new Memory();
    private final List<Program.Step> steps = new ArrayList<>();
    private final List<IntMemoryMap> withScratchpad = new ArrayList<>();
    private final Map<NetworkOutput, Supplier<float[]>> outputs =
            new EnumMap<>(NetworkOutput.class);
    private final FloatPointer input;
    private long scratchpad;

    private ProgramBuilder(NetworkPlan plan, Weights weights) {
        this.plan = plan;
        this.weights = weights;
        this.type =
                weights.precision() == Precision.BFLOAT16
                        ? memory.data_type.bf16
                        : memory.data_type.f32;
        this.shapes = plan.shapes();
        plan.outputs().values().forEach(name -> uses.merge(name, 1, Integer::sum));
        for (PlanNode node : plan.nodes()) {
            for (String name : node.inputs()) {
                uses.merge(name, 1, Integer::sum);
                consumers.computeIfAbsent(name, n -> new ArrayList<>()).add(node);
            }
        }
        Feature images = feature(plan.inputShape(), memory.data_type.f32, memory.format_tag.nchw);
        this.input = new FloatPointer(images.values().get_data_handle());
        input.capacity(plan.inputShape().extents().stream().reduce(1, (a, b) -> a * b));
        maps.put(plan.input(), images);
        uses.merge(plan.input(), 1, Integer::sum); // written before each run
    }

    static ProgramBuilder build(NetworkPlan plan, Weights weights) {
        ProgramBuilder builder = new ProgramBuilder(plan, weights);
        for (PlanNode node : plan.nodes()) {
            if (!builder.fused.contains(node.name())) {
                builder.add(node);
            }
            node.inputs().forEach(builder::release);
        }
        plan.outputs().forEach((output, name) -> builder.outputs.put(output, builder.values(name)));
        builder.shareScratchpad();
        return builder;
    }

    FloatPointer input() {
        return input;
    }

    List<Program.Step> steps() {
        return List.copyOf(steps);
    }

    Map<NetworkOutput, Supplier<float[]>> outputs() {
        return outputs;
    }

    private void add(PlanNode node) {
        if (node instanceof PlanNode.Convolution convolution) {
            convolution(convolution);
        } else if (node instanceof PlanNode.BatchNorm norm) {
            batchNorm(norm);
        } else if (node instanceof PlanNode.Activation activation) {
            activation(activation);
        } else if (node instanceof PlanNode.MaxPool pool) {
            pool(pool, pool.window(), algorithm.pooling_max);
        } else if (node instanceof PlanNode.AveragePool pool) {
            boolean inside = pool.divisor() == PlanNode.AveragePool.Divisor.ELEMENTS_INSIDE;
            pool(
                    pool,
                    pool.window(),
                    inside
                            ? algorithm.pooling_avg_exclude_padding
                            : algorithm.pooling_avg_include_padding);
        } else if (node instanceof PlanNode.ZeroPadding padding) {
            zeroPadding(padding);
        } else if (node instanceof PlanNode.Concat concat) {
            concat(concat);
        } else if (node instanceof PlanNode.Add add) {
            sum(add);
        } else if (node instanceof PlanNode.GlobalAverage average) {
            vectors.put(node.name(), globalAverage(average));
        } else if (node instanceof PlanNode.Dense dense) {
            vectors.put(node.name(), dense(dense));
        }
    }

    // feature maps

    private static long[] extents(ActivationShape shape) {
        return new long[] {1, shape.channels(), shape.height(), shape.width()};
    }

    private memory.desc layout(String name) {
        if (shapes.get(name).extents().size() != 3) {
            throw new UnsupportedLayerException(name, "it works on vectors");
        }
        return new memory.desc(extents(shapes.get(name)), type, memory.format_tag.nhwc);
    }

    private Feature feature(ActivationShape shape, memory.data_type values, memory.format_tag tag) {
        memory.desc layout = new memory.desc(extents(shape), values, tag);
        return feature(layout);
    }

    private Feature feature(memory.desc layout) {
        Block block = pool.acquire(layout.get_size());
        return new Feature(new memory(layout, cpu, block.pointer()), block);
    }

    private Feature newMap(String name) {
        Feature made = feature(layout(name));
        maps.put(name, made);
        return made;
    }

    private memory map(PlanNode node, int i) {
        String name = node.inputs().get(i);
        memory map = stored(node, i);
        return name.equals(plan.input()) ? reordered(map, layout(name)) : map;
    }

    /** A map as it is stored: images as they came, others in the layout of all maps. */
    private memory stored(PlanNode node, int i) {
        Feature feature = maps.get(node.inputs().get(i));
        if (feature == null) {
            throw new UnsupportedLayerException(node.name(), "a vector as input");
        }
        return feature.values();
    }

    private void release(String name) {
        if (uses.merge(name, -1, Integer::sum) == 0 && maps.containsKey(name)) {
            pool.release(maps.get(name).block());
        }
    }

    private Optional<PlanNode> onlyConsumer(String name) {
        return uses.get(name) == 1 && consumers.containsKey(name)
                ? Optional.of(consumers.get(name).get(0))
                : Optional.empty();
    }

    /** The ReLU that alone needs the output of a node. */
    private Optional<PlanNode> reluAfter(String name) {
        return onlyConsumer(name)
                .filter(
                        next ->
                                next instanceof PlanNode.Activation a
                                        && a.nonlinearity() == Nonlinearity.RELU);
    }

    // primitives

    private static IntMemoryMap arguments() {
        return new IntMemoryMap();
    }

    private primitive_attr attributes(post_ops after) {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(scratchpad_mode.user);
        attributes.set_post_ops(after);
        return attributes;
    }

    private void step(primitive_desc_base description, primitive made, IntMemoryMap arguments) {
        long size = description.scratchpad_desc().get_size();
        if (size > 0) {
            scratchpad = Math.max(scratchpad, size);
            withScratchpad.add(arguments);
        }
        steps.add(new Program.Step(made, arguments));
    }

    /** One scratchpad is enough, since one call runs at a time. */
    private void shareScratchpad() {
        if (scratchpad > 0) {
            memory.desc bytes =
                    new memory.desc(
                            new long[] {scratchpad}, memory.data_type.u8, memory.format_tag.x);
            memory shared = new memory(bytes, cpu);
            withScratchpad.forEach(arguments -> arguments.put(DNNL_ARG_SCRATCHPAD, shared));
        }
    }

    private static void relu(post_ops after) {
        after.append_eltwise(algorithm.eltwise_relu, 0f, 0f);
    }

    private memory reordered(memory from, memory.desc layout) {
        memory to = new memory(layout, cpu);
        reorder(from, to);
        return to;
    }

    private void reorder(memory from, memory to) {
        IntMemoryMap arguments = arguments();
        arguments.put(DNNL_ARG_FROM, from);
        arguments.put(DNNL_ARG_TO, to);
        steps.add(new Program.Step(new reorder(from, to), arguments));
    }

    // nodes

    private void convolution(PlanNode.Convolution node) {
        ActivationShape from = shapes.get(node.inputs().get(0));
        Window window = node.window();
        Optional<Feature> sum = addedTo(node);
        post_ops after = new post_ops();
        String name = node.name();
        if (sum.isPresent()) {
            after.append_sum();
            name = fuse(onlyConsumer(name).orElseThrow());
            Optional<PlanNode> relu = reluAfter(name);
            if (relu.isPresent()) {
                name = fuse(relu.get());
                relu(after);
            }
        } else if (node.nonlinearity() == Nonlinearity.RELU) {
            relu(after);
        }
        long[] kernel = {
            node.channels(), from.channels(), window.kernel().height(), window.kernel().width()
        };
        boolean first = node.inputs().get(0).equals(plan.input());
        memory.format_tag any = memory.format_tag.any;
        convolution_forward.primitive_desc description =
                new convolution_forward.primitive_desc(
                        cpu,
                        prop_kind.forward_inference,
                        algorithm.convolution_direct,
                        new memory.desc(extents(from), type, first ? any : memory.format_tag.nhwc),
                        new memory.desc(kernel, type, any),
                        new memory.desc(
                                new long[] {node.channels()},
                                memory.data_type.f32,
                                memory.format_tag.x),
                        layout(node.name()),
                        new long[] {window.stride().height(), window.stride().width()},
                        new long[] {
                            window.dilation().height() - 1L, window.dilation().width() - 1L
                        },
                        new long[] {window.padding().top(), window.padding().left()},
                        new long[] {window.padding().bottom(), window.padding().right()},
                        attributes(after),
                        false);
        IntMemoryMap arguments = arguments();
        memory source = stored(node, 0);
        arguments.put(DNNL_ARG_SRC, first ? reordered(source, description.src_desc()) : source);
        arguments.put(
                DNNL_ARG_WEIGHTS,
                weights.kernel(node.name() + "/W", kernel, description.weights_desc()));
        arguments.put(DNNL_ARG_BIAS, weights.vector(node.name() + "/b", node.channels()));
        if (sum.isPresent()) {
            maps.put(name, sum.get());
            arguments.put(DNNL_ARG_DST, sum.get().values());
        } else {
            arguments.put(DNNL_ARG_DST, newMap(name).values());
        }
        step(description, new convolution_forward(description), arguments);
    }

    /** Marks a node as part of an earlier call, whose result now has the node's name. */
    private String fuse(PlanNode node) {
        fused.add(node.name());
        return node.name();
    }

    /**
     * The map to which a convolution's result is added, if nothing else needs that map any more, so
     * that the sum can take its place.
     */
    private Optional<Feature> addedTo(PlanNode.Convolution node) {
        if (node.nonlinearity() != Nonlinearity.IDENTITY) {
            return Optional.empty();
        }
        return onlyConsumer(node.name())
                .filter(next -> next instanceof PlanNode.Add && next.inputs().size() == 2)
                .map(add -> other(add, node.name()))
                .filter(other -> uses.get(other) == 1 && !other.equals(plan.input()))
                .map(maps::remove); // the memory now belongs to the sum
    }

    private static String other(PlanNode add, String one) {
        return add.inputs().get(add.inputs().get(0).equals(one) ? 1 : 0);
    }

    private void batchNorm(PlanNode.BatchNorm node) {
        Optional<PlanNode> relu = reluAfter(node.name());
        int flags =
                normalization_flags.use_global_stats.value
                        | normalization_flags.use_scale.value
                        | normalization_flags.use_shift.value
                        | (relu.isPresent() ? normalization_flags.fuse_norm_relu.value : 0);
        memory.desc layout = layout(node.name());
        batch_normalization_forward.primitive_desc description =
                new batch_normalization_forward.primitive_desc(
                        cpu,
                        prop_kind.forward_inference.value,
                        layout,
                        layout,
                        0f,
                        flags,
                        attributes(new post_ops()),
                        false);
        IntMemoryMap arguments = arguments();
        arguments.put(DNNL_ARG_SRC, map(node, 0));
        int channels = shapes.get(node.name()).channels();
        Map.of(
                        DNNL_ARG_SCALE, "gamma",
                        DNNL_ARG_SHIFT, "beta",
                        DNNL_ARG_MEAN, "mean",
                        DNNL_ARG_VARIANCE, "var")
                .forEach(
                        (argument, parameter) ->
                                arguments.put(
                                        argument,
                                        weights.vector(node.name() + "/" + parameter, channels)));
        String name = relu.map(this::fuse).orElse(node.name());
        arguments.put(DNNL_ARG_DST, newMap(name).values());
        step(description, new batch_normalization_forward(description), arguments);
    }

    private void activation(PlanNode.Activation node) {
        boolean relu = node.nonlinearity() == Nonlinearity.RELU;
        memory.desc layout = layout(node.name());
        eltwise_forward.primitive_desc description =
                new eltwise_forward.primitive_desc(
                        cpu,
                        prop_kind.forward_inference,
                        relu ? algorithm.eltwise_relu : algorithm.eltwise_linear,
                        layout,
                        layout,
                        relu ? 0f : 1f,
                        0f,
                        attributes(new post_ops()),
                        false);
        IntMemoryMap arguments = arguments();
        arguments.put(DNNL_ARG_SRC, map(node, 0));
        arguments.put(DNNL_ARG_DST, newMap(node.name()).values());
        step(description, new eltwise_forward(description), arguments);
    }

    private void pool(PlanNode node, Window window, algorithm kind) {
        pooling_forward.primitive_desc description =
                new pooling_forward.primitive_desc(
                        cpu,
                        prop_kind.forward_inference,
                        kind,
                        layout(node.inputs().get(0)),
                        layout(node.name()),
                        new long[] {window.stride().height(), window.stride().width()},
                        new long[] {window.kernel().height(), window.kernel().width()},
                        new long[] {
                            window.dilation().height() - 1L, window.dilation().width() - 1L
                        },
                        new long[] {window.padding().top(), window.padding().left()},
                        new long[] {window.padding().bottom(), window.padding().right()},
                        attributes(new post_ops()),
                        false);
        IntMemoryMap arguments = arguments();
        arguments.put(DNNL_ARG_SRC, map(node, 0));
        arguments.put(DNNL_ARG_DST, newMap(node.name()).values());
        step(description, new pooling_forward(description), arguments);
    }

    /** The edges of memory of its own stay zero; only the middle is ever written. */
    private void zeroPadding(PlanNode.ZeroPadding node) {
        memory.desc layout = layout(node.name());
        memory padded = new memory(layout, cpu);
        Pointer.memset(padded.get_data_handle(), 0, layout.get_size());
        maps.put(node.name(), new Feature(padded, Block.NONE));
        long[] offsets = {0, 0, node.padding().top(), node.padding().left()};
        memory.desc middle =
                layout.submemory_desc(extents(shapes.get(node.inputs().get(0))), offsets);
        reorder(stored(node, 0), new memory(middle, cpu, padded.get_data_handle()));
    }

    private void concat(PlanNode.Concat node) {
        memory_desc_vector layouts = new memory_desc_vector();
        IntMemoryMap arguments = arguments();
        for (int i = 0; i < node.inputs().size(); i++) {
            arguments.put(DNNL_ARG_MULTIPLE_SRC + i, map(node, i));
            layouts.push_back(layout(node.inputs().get(i)));
        }
        concat.primitive_desc description =
                new concat.primitive_desc(
                        cpu, layout(node.name()), 1, layouts, attributes(new post_ops()), false);
        arguments.put(DNNL_ARG_DST, newMap(node.name()).values());
        step(description, new concat(description), arguments);
    }

    private void sum(PlanNode.Add node) {
        if (node.inputs().size() != 2) {
            throw new UnsupportedLayerException(
                    node.name(), "a sum of %d maps".formatted(node.inputs().size()));
        }
        post_ops after = new post_ops();
        Optional<PlanNode> relu = reluAfter(node.name());
        relu.ifPresent(r -> relu(after));
        memory.desc layout = layout(node.name());
        binary.primitive_desc description =
                new binary.primitive_desc(
                        cpu,
                        algorithm.binary_add,
                        layout,
                        layout,
                        layout,
                        attributes(after),
                        false);
        IntMemoryMap arguments = arguments();
        arguments.put(DNNL_ARG_SRC_0, map(node, 0));
        arguments.put(DNNL_ARG_SRC_1, map(node, 1));
        String name = relu.map(this::fuse).orElse(node.name());
        arguments.put(DNNL_ARG_DST, newMap(name).values());
        step(description, new binary(description), arguments);
    }

    // vectors, in Java

    /** Values of a node after a run: a map as [C, H, W]. */
    private Supplier<float[]> values(String name) {
        return vectors.containsKey(name) ? vectors.get(name) : plain(name);
    }

    private Supplier<float[]> plain(String name) {
        return plain.computeIfAbsent(name, this::reorderedToPlain);
    }

    private Supplier<float[]> reorderedToPlain(String name) {
        ActivationShape shape = shapes.get(name);
        memory.desc layout =
                new memory.desc(extents(shape), memory.data_type.f32, memory.format_tag.nchw);
        memory plain = reordered(maps.get(name).values(), layout);
        FloatPointer values = new FloatPointer(plain.get_data_handle());
        int size = shape.channels() * shape.height() * shape.width();
        return () -> {
            float[] copy = new float[size];
            values.get(copy);
            return copy;
        };
    }

    private Supplier<float[]> globalAverage(PlanNode.GlobalAverage node) {
        map(node, 0);
        Supplier<float[]> map = plain(node.inputs().get(0));
        int channels = shapes.get(node.name()).channels();
        return () -> {
            float[] values = map.get();
            int each = values.length / channels;
            float[] means = new float[channels];
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int i = c * each; i < (c + 1) * each; i++) {
                    sum += values[i];
                }
                means[c] = (float) (sum / each);
            }
            return means;
        };
    }

    private Supplier<float[]> dense(PlanNode.Dense node) {
        Supplier<float[]> input = vectors.get(node.inputs().get(0));
        float[] kernel = weights.values(node.name() + "/W");
        Optional<float[]> bias = Optional.ofNullable(weights.values(node.name() + "/b"));
        int channels = node.channels();
        boolean relu = node.nonlinearity() == Nonlinearity.RELU;
        if (input == null) {
            throw new UnsupportedLayerException(node.name(), "an input that is no pooled vector");
        }
        return () -> {
            double[] sums = new double[channels];
            float[] values = input.get();
            for (int i = 0; i < values.length; i++) {
                for (int c = 0; c < channels; c++) {
                    sums[c] += (double) values[i] * kernel[i * channels + c];
                }
            }
            float[] result = new float[channels];
            for (int c = 0; c < channels; c++) {
                double sum = sums[c] + (bias.isPresent() ? bias.get()[c] : 0f);
                result[c] = (float) (relu ? Math.max(0, sum) : sum);
            }
            return result;
        };
    }

    // memory

    /** Bytes that hold one feature map at a time. */
    private record Block(BytePointer pointer, long size) {
        static final Block NONE = new Block(null, 0);
    }

    /** Hands out memory. */
    private static final class Memory {

        private static final int ALIGNMENT = 64;

        private final List<Block> free = new ArrayList<>();

        Block acquire(long size) {
            Optional<Block> smallest =
                    free.stream()
                            .filter(block -> block.size() >= size && block.size() <= 2 * size)
                            .min((a, b) -> Long.compare(a.size(), b.size()));
            if (smallest.isPresent()) {
                free.remove(smallest.get());
                return smallest.get();
            }
            BytePointer bytes = new BytePointer(size + ALIGNMENT);
            long misaligned = bytes.address() % ALIGNMENT;
            return new Block(bytes.getPointer(misaligned == 0 ? 0 : ALIGNMENT - misaligned), size);
        }

        void release(Block block) {
            if (block.size() > 0) {
                free.add(0, block);
            }
        }
    }
}
