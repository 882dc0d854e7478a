package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.deepcovid.core.inference.plan.ActivationShape;
import org.deepcovid.core.inference.plan.NetworkOutput;
import org.deepcovid.core.inference.plan.NetworkParameters;
import org.deepcovid.core.inference.plan.NetworkPlan;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/**
 * Runs a network compiled for this processor by ONNX Runtime: layers fused, constants folded,
 * layouts chosen. It holds the parameters as they were when it was made, and never starts ND4J.
 *
 * <p>On one machine an image gives the same bits alone and in a batch, and to every thread.
 *
 * <p>The pre-training head is compiled when its logits are first wanted, and the form that serves
 * several callers side by side when one of them first comes.
 */
public final class CompiledEngine implements InferenceEngine {

    /** More would need much memory; with more processors, each stream has several. */
    private static final int MOST_STREAMS = 4;

    private final NetworkPlan plan;
    private final NetworkParameters parameters;
    private final EngineReport report;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private final ConcurrentLinkedQueue<FloatBuffer> buffers = new ConcurrentLinkedQueue<>();
    private final CompiledNetwork trunk;
    private Optional<CompiledNetwork> whole = Optional.empty();
    private Optional<CompiledNetwork> streaming = Optional.empty();
    private boolean closed;

    private CompiledEngine(NetworkPlan plan, NetworkParameters parameters, String reason) {
        this.plan = requireNonNull(plan, "plan is null");
        this.parameters = requireNonNull(parameters, "parameters is null");
        int threads = DeepCovidRuntime.threads();
        this.report = new EngineReport(EngineKind.COMPILED, OnnxRuntime.name(), threads, reason);
        Set<NetworkOutput> withoutHead = EnumSet.copyOf(plan.outputs().keySet());
        withoutHead.remove(NetworkOutput.LOGITS);
        this.trunk =
                new CompiledNetwork(
                        withoutHead.isEmpty() ? plan : plan.reducedTo(withoutHead),
                        parameters,
                        threads);
    }

    /**
     * Compiles a network.
     *
     * @param plan the network
     * @param parameters every parameter of the plan; kept, and asked again when logits or {@link
     *     #streamedFeatures} are first wanted
     * @return the engine
     * @throws IllegalArgumentException if a parameter is missing, has another length or a value
     *     that is not finite
     * @throws IllegalStateException if the number of threads is configured wrongly
     * @throws EngineException if ONNX Runtime cannot be started here or refuses the network
     */
    public static CompiledEngine of(NetworkPlan plan, NetworkParameters parameters) {
        return of(plan, parameters, "made from a plan");
    }

    static CompiledEngine of(NetworkPlan plan, NetworkParameters parameters, String reason) {
        return new CompiledEngine(plan, parameters, reason);
    }

    @Override
    public ActivationShape imageShape() {
        return plan.inputShape();
    }

    @Override
    public Set<NetworkOutput> outputs() {
        return plan.outputs().keySet();
    }

    @Override
    public EngineReport report() {
        return report;
    }

    @Override
    public int streams() {
        return Math.min(MOST_STREAMS, report.threads());
    }

    @Override
    public FloatTensor streamedFeatures(FloatBuffer images) {
        Set<NetworkOutput> features = Set.of(NetworkOutput.FEATURES);
        return run(images, features, this::streaming).get(NetworkOutput.FEATURES);
    }

    private synchronized CompiledNetwork streaming() {
        if (streams() == 1) {
            return trunk;
        }
        if (streaming.isEmpty()) {
            NetworkPlan features = plan.reducedTo(Set.of(NetworkOutput.FEATURES));
            int threads = (report.threads() + streams() - 1) / streams();
            streaming = Optional.of(new CompiledNetwork(features, parameters, threads));
        }
        return streaming.get();
    }

    @Override
    public Map<NetworkOutput, FloatTensor> run(FloatBuffer images, Set<NetworkOutput> wanted) {
        return run(images, wanted, () -> wanted.contains(NetworkOutput.LOGITS) ? whole() : trunk);
    }

    private Map<NetworkOutput, FloatTensor> run(
            FloatBuffer images, Set<NetworkOutput> wanted, Supplier<CompiledNetwork> chosen) {
        EngineInput.requireKnown(wanted, outputs());
        int batch = EngineInput.batch(images, plan.inputShape());
        EngineInput.requireFinite(images, batch);
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            CompiledNetwork network = chosen.get();
            if (EngineInput.usableInPlace(images)) {
                return network.run(images.slice(), batch, wanted);
            }
            return runCopy(network, images, batch, wanted);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private synchronized CompiledNetwork whole() {
        if (whole.isEmpty()) {
            whole = Optional.of(new CompiledNetwork(plan, parameters, report.threads()));
        }
        return whole.get();
    }

    /** Copies through a direct buffer; as many are kept as calls ran at one time. */
    private Map<NetworkOutput, FloatTensor> runCopy(
            CompiledNetwork network, FloatBuffer images, int batch, Set<NetworkOutput> wanted) {
        FloatBuffer kept = buffers.poll();
        FloatBuffer buffer =
                kept != null && kept.capacity() >= images.remaining()
                        ? kept
                        : direct(images.remaining());
        try {
            buffer.clear().put(images.duplicate()).flip();
            return network.run(buffer, batch, wanted);
        } finally {
            buffers.add(buffer);
        }
    }

    private static FloatBuffer direct(int capacity) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(capacity, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                buffers.clear();
                trunk.close();
                whole.ifPresent(CompiledNetwork::close);
                streaming.ifPresent(CompiledNetwork::close);
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
