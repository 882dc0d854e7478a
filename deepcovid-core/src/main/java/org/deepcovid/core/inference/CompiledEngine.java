package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
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
 * Runs a network compiled for this processor: layers fused, constants folded, memory layouts
 * chosen. It has its own copy of the parameters and never starts ND4J.
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
    private final NetworkCompiler compiler;
    private final Precision precision;
    private final Map<String, ActivationShape> shapes;
    private final EngineReport report;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private final ConcurrentLinkedQueue<FloatBuffer> buffers = new ConcurrentLinkedQueue<>();
    private final NetworkCompiler.Compiled trunk;
    private Optional<NetworkCompiler.Compiled> whole = Optional.empty();
    private Optional<NetworkCompiler.Compiled> streaming = Optional.empty();
    private boolean closed;

    /**
     * Compiles the trunk.
     *
     * @param parameters kept, and read again when logits or {@link #streamedFeatures} are first
     *     requested
     */
    CompiledEngine(
            NetworkPlan plan,
            NetworkParameters parameters,
            NetworkCompiler compiler,
            Precision precision,
            String reason) {
        this.compiler = requireNonNull(compiler, "compiler is null");
        this.precision = requireNonNull(precision, "precision is null");
        this.plan = requireNonNull(plan, "plan is null");
        this.parameters = requireNonNull(parameters, "parameters is null");
        this.shapes = plan.shapes();
        int threads = DeepCovidRuntime.threads();
        this.report =
                new EngineReport(
                        EngineReport.Kind.COMPILED, compiler.runtime(precision), threads, reason);
        Set<NetworkOutput> withoutHead = EnumSet.copyOf(plan.outputs().keySet());
        withoutHead.remove(NetworkOutput.LOGITS);
        this.trunk = compile(withoutHead.isEmpty() ? plan : plan.reducedTo(withoutHead), threads);
    }

    private NetworkCompiler.Compiled compile(NetworkPlan part, int threads) {
        return compiler.compile(part, parameters, precision, threads);
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
    public Precision precision() {
        return precision;
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

    private synchronized NetworkCompiler.Compiled streaming() {
        if (streams() == 1 || trunk.sharesThreads()) {
            return trunk;
        }
        if (streaming.isEmpty()) {
            NetworkPlan features = plan.reducedTo(Set.of(NetworkOutput.FEATURES));
            int threads = (report.threads() + streams() - 1) / streams();
            streaming = Optional.of(compile(features, threads));
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
            FloatBuffer images,
            Set<NetworkOutput> requested,
            Supplier<NetworkCompiler.Compiled> chosen) {
        EngineInput.requireKnown(requested, outputs());
        int batch = EngineInput.batch(images, plan.inputShape());
        EngineInput.requireFinite(images, batch);
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            NetworkCompiler.Compiled network = chosen.get();
            if (EngineInput.usableInPlace(images)) {
                return tensors(network.run(images.slice(), batch, requested), batch);
            }
            return runCopy(network, images, batch, requested);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private synchronized NetworkCompiler.Compiled whole() {
        if (whole.isEmpty()) {
            whole = Optional.of(compile(plan, report.threads()));
        }
        return whole.get();
    }

    /** Copies to a direct buffer; buffers are reused, one per concurrent call. */
    private Map<NetworkOutput, FloatTensor> runCopy(
            NetworkCompiler.Compiled network,
            FloatBuffer images,
            int batch,
            Set<NetworkOutput> requested) {
        FloatBuffer reused = buffers.poll();
        FloatBuffer buffer =
                reused != null && reused.capacity() >= images.remaining()
                        ? reused
                        : direct(images.remaining());
        try {
            buffer.clear().put(images.duplicate()).flip();
            return tensors(network.run(buffer, batch, requested), batch);
        } finally {
            buffers.add(buffer);
        }
    }

    private Map<NetworkOutput, FloatTensor> tensors(Map<NetworkOutput, float[]> values, int batch) {
        Map<NetworkOutput, FloatTensor> tensors = new EnumMap<>(NetworkOutput.class);
        values.forEach(
                (output, array) -> {
                    List<Integer> shape = new ArrayList<>(List.of(batch));
                    shape.addAll(shapes.get(plan.outputs().get(output)).extents());
                    tensors.put(output, new FloatTensor(shape, array));
                });
        return tensors;
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
                whole.ifPresent(NetworkCompiler.Compiled::close);
                streaming.ifPresent(NetworkCompiler.Compiled::close);
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
