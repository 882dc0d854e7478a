package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/**
 * Runs a network compiled for this processor by ONNX Runtime: layers fused, constants folded,
 * memory layouts chosen. It has its own copy of the parameters and never starts ND4J.
 *
 * <p>On one machine an image gives the same bits alone and in any batch, in every thread.
 *
 * <p>The pre-training head is compiled when logits are first requested, and the sessions for
 * concurrent callers at the first call of {@link #streamedFeatures}.
 */
final class CompiledEngine implements InferenceEngine {

    /** Bounds the memory; with more processors, each stream has several threads. */
    private static final int MAX_STREAMS = 4;

    private final NetworkPlan plan;
    private final NetworkParameters parameters;
    private final EngineReport report;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private final ConcurrentLinkedQueue<FloatBuffer> buffers = new ConcurrentLinkedQueue<>();
    private final CompiledNetwork trunk;
    private Optional<CompiledNetwork> whole = Optional.empty();
    private Optional<CompiledNetwork> streaming = Optional.empty();
    private boolean closed;

    /**
     * Compiles the trunk.
     *
     * @param parameters kept, and read again when logits or {@link #streamedFeatures} are first
     *     requested
     */
    CompiledEngine(NetworkPlan plan, NetworkParameters parameters, String reason) {
        this.plan = requireNonNull(plan, "plan is null");
        this.parameters = requireNonNull(parameters, "parameters is null");
        int threads = DeepCovidRuntime.threads();
        this.report =
                new EngineReport(EngineReport.Kind.COMPILED, OnnxRuntime.name(), threads, reason);
        Set<NetworkOutput> withoutHead = EnumSet.copyOf(plan.outputs().keySet());
        withoutHead.remove(NetworkOutput.LOGITS);
        this.trunk =
                new CompiledNetwork(
                        withoutHead.isEmpty() ? plan : plan.reducedTo(withoutHead),
                        parameters,
                        threads);
    }

    @Override
    public List<Integer> imageShape() {
        return plan.inputShape().extents();
    }

    @Override
    public Set<NetworkOutput> outputs() {
        return plan.outputs().keySet();
    }

    @Override
    public Optional<NetworkPlan.CellCentres> featureMapCentres() {
        return plan.featureMapCentres();
    }

    @Override
    public EngineReport report() {
        return report;
    }

    @Override
    public int streams() {
        return Math.min(MAX_STREAMS, report.threads());
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
    public Map<NetworkOutput, FloatTensor> run(FloatBuffer images, Set<NetworkOutput> requested) {
        return run(
                images,
                requested,
                () -> requested.contains(NetworkOutput.LOGITS) ? whole() : trunk);
    }

    private Map<NetworkOutput, FloatTensor> run(
            FloatBuffer images, Set<NetworkOutput> requested, Supplier<CompiledNetwork> chosen) {
        EngineInput.requireKnown(requested, outputs());
        int batch = EngineInput.batch(images, plan.inputShape());
        EngineInput.requireFinite(images, batch);
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            CompiledNetwork network = chosen.get();
            if (EngineInput.usableInPlace(images)) {
                return network.run(images.slice(), batch, requested);
            }
            return runCopy(network, images, batch, requested);
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

    /** Copies to a direct buffer; buffers are reused, one per concurrent call. */
    private Map<NetworkOutput, FloatTensor> runCopy(
            CompiledNetwork network, FloatBuffer images, int batch, Set<NetworkOutput> requested) {
        FloatBuffer reused = buffers.poll();
        FloatBuffer buffer =
                reused != null && reused.capacity() >= images.remaining()
                        ? reused
                        : direct(images.remaining());
        try {
            buffer.clear().put(images.duplicate()).flip();
            return network.run(buffer, batch, requested);
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
