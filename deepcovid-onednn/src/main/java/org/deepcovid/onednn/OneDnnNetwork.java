package org.deepcovid.onednn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepcovid.core.inference.EngineException;
import org.deepcovid.core.inference.NetworkCompiler;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.inference.UnsupportedLayerException;

/**
 * A network whose images run side by side, each in one thread: threads never wait for each other,
 * and an image gives the same bits in any batch.
 */
final class OneDnnNetwork implements NetworkCompiler.Compiled {

    private final NetworkPlan.Fused network;
    private final Weights weights;
    private final int threads;
    private final ExecutorService workers;
    private final ThreadLocal<Program> program = ThreadLocal.withInitial(this::newProgram);
    private final ConcurrentLinkedQueue<Program> programs = new ConcurrentLinkedQueue<>();
    private final int imageSize;

    /** Compiles at once, so that unsupported layers are reported. */
    OneDnnNetwork(NetworkPlan.Fused network, Precision precision, int threads) {
        this.network = network;
        this.weights = new Weights(network.parameters(), precision);
        this.threads = threads;
        this.imageSize =
                network.plan().inputShape().extents().stream().reduce(1, Math::multiplyExact);
        this.workers = Executors.newFixedThreadPool(threads, OneDnnNetwork::worker);
        try {
            await(List.of(workers.submit(program::get)));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static Thread worker(Runnable work) {
        Thread thread =
                new Thread(
                        () -> {
                            OneDnn.useOneThread();
                            work.run();
                        },
                        "onednn");
        thread.setDaemon(true);
        return thread;
    }

    private Program newProgram() {
        Program made = Program.of(network.plan(), weights);
        programs.add(made);
        return made;
    }

    @Override
    public boolean sharesThreads() {
        return true;
    }

    @Override
    public Map<NetworkOutput, float[]> run(
            FloatBuffer images, int batch, Set<NetworkOutput> requested) {
        List<Map<NetworkOutput, float[]>> rows = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            rows.add(null);
        }
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < Math.min(threads, batch); t++) {
            running.add(
                    workers.submit(
                            () -> {
                                for (int i = next.getAndIncrement();
                                        i < batch;
                                        i = next.getAndIncrement()) {
                                    rows.set(
                                            i,
                                            program.get()
                                                    .run(
                                                            images.slice(i * imageSize, imageSize),
                                                            requested));
                                }
                            }));
        }
        await(running);
        return joined(rows, requested);
    }

    private static void await(List<Future<?>> running) {
        boolean interrupted = false;
        RuntimeException failure = null;
        for (Future<?> future : running) {
            while (true) {
                try {
                    future.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    failure = failure(e.getCause());
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof UnsupportedLayerException unsupported) {
            return unsupported;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new EngineException("oneDNN failed: " + cause.getMessage(), cause);
    }

    private static Map<NetworkOutput, float[]> joined(
            List<Map<NetworkOutput, float[]>> rows, Set<NetworkOutput> requested) {
        Map<NetworkOutput, float[]> results = new EnumMap<>(NetworkOutput.class);
        for (NetworkOutput output : requested) {
            int each = rows.get(0).get(output).length;
            float[] values = new float[Math.multiplyExact(each, rows.size())];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(rows.get(i).get(output), 0, values, i * each, each);
            }
            results.put(output, values);
        }
        return results;
    }

    @Override
    public void close() {
        workers.shutdown();
        boolean interrupted = false;
        while (!workers.isTerminated()) {
            try {
                workers.awaitTermination(1, java.util.concurrent.TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        programs.forEach(Program::close);
        weights.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
