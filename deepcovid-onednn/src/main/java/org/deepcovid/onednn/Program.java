package org.deepcovid.onednn;

import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkPlan;

/** A network for one image, with its own feature maps; used by one thread. */
final class Program implements AutoCloseable {

    /** One call of oneDNN. */
    record Step(primitive call, IntMemoryMap arguments) {}

    private final PointerScope scope;
    private final stream queue;
    private final FloatPointer input;
    private final List<Step> steps;
    private final Map<NetworkOutput, Supplier<float[]>> outputs;

    private Program(PointerScope scope, ProgramBuilder builder) {
        this.scope = scope;
        this.queue = new stream(OneDnn.cpu());
        this.input = builder.input();
        this.steps = builder.steps();
        this.outputs = builder.outputs();
    }

    /**
     * @param plan as after {@link NetworkPlan#fused}
     * @throws org.deepcovid.core.inference.UnsupportedLayerException naming the first layer that
     *     cannot be compiled
     */
    static Program of(NetworkPlan plan, Weights weights) {
        try (PointerScope scope = new PointerScope()) {
            Program program = new Program(scope, ProgramBuilder.build(plan, weights));
            scope.extend(); // kept until this program is closed
            return program;
        }
    }

    Map<NetworkOutput, float[]> run(FloatBuffer image, Set<NetworkOutput> requested) {
        input.asByteBuffer().asFloatBuffer().put(image);
        for (Step step : steps) {
            step.call().execute(queue, step.arguments());
        }
        queue._wait();
        Map<NetworkOutput, float[]> results = new EnumMap<>(NetworkOutput.class);
        requested.forEach(output -> results.put(output, outputs.get(output).get()));
        return results;
    }

    @Override
    public void close() {
        scope.close();
    }
}
