package org.deepcovid.core.features;

import static java.util.Objects.requireNonNull;

import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.image.BatchPlan;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageBatches;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.inference.EngineReport;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.BackboneSpec;

/**
 * Computes one row of numbers per image, such as its pooled features, while the next images are
 * decoded. Batches of a compiled engine run side by side; rows are delivered in the order of the
 * images. Memory does not grow with the number of images.
 *
 * <p>With a {@link WorkStore}, rows that an interrupted run computed are read instead. Their key is
 * the SHA-256 of the image file, the random changes of the image, and an identity of network and
 * engine. Where a row depends on the other images of its batch, the key covers the whole batch.
 */
public final class FeatureExtractor {

    /** Images per batch for a DL4J graph. */
    public static final int GRAPH_BATCH = 20;

    /** Images per batch for each stream of a compiled engine; larger batches only cost memory. */
    private static final int MAX_BATCH = 10;

    /** Smaller batches cost the network more per image than waiting for further images does. */
    private static final int MIN_BATCH = 4;

    /** Computes the rows of a batch. */
    public interface Network {

        /**
         * Computes.
         *
         * @param images normalised images [count, 3, H, W], row-major
         */
        List<float[]> rows(FloatBuffer images, int count);

        /**
         * Number of batches that may run side by side.
         *
         * @return 1 if {@link #rows} must be called by one thread at a time
         */
        default int streams() {
            return 1;
        }

        /** Whether the last bits of a row depend on the other images of its batch. */
        default boolean dependsOnBatch() {
            return true;
        }
    }

    private final Preprocessing preprocessing;
    private final Network network;
    private final int threads;
    private final int graphBatch;
    private final WorkStore store;
    private final String identity;
    private final Map<Radiograph, Optional<String>> hashes = new ConcurrentHashMap<>();

    private FeatureExtractor(
            Preprocessing preprocessing,
            Network network,
            int threads,
            int graphBatch,
            WorkStore store,
            String identity) {
        this.preprocessing = preprocessing;
        this.network = requireNonNull(network, "network is null");
        this.threads = threads;
        this.graphBatch = graphBatch;
        this.store = requireNonNull(store, "store is null");
        this.identity = requireNonNull(identity, "identity is null");
    }

    /** An extractor of other rows than pooled features. */
    public static FeatureExtractor of(BackboneSpec spec, Network network) {
        return new FeatureExtractor(
                new Preprocessing(spec.inputSize(), spec.normalization()),
                network,
                Runtime.getRuntime().availableProcessors(),
                GRAPH_BATCH,
                WorkStore.none(),
                "");
    }

    /**
     * An extractor of pooled features.
     *
     * @param engine runs the network; left open
     */
    public static FeatureExtractor of(BackboneSpec spec, InferenceEngine engine) {
        return of(spec, new PooledFeatures(engine));
    }

    /**
     * A copy with other settings of the machine.
     *
     * @param decodeThreads threads that decode images, at least 1
     */
    public FeatureExtractor with(int decodeThreads, int newGraphBatch) {
        return new FeatureExtractor(
                preprocessing, network, decodeThreads, newGraphBatch, store, identity);
    }

    /**
     * A copy that reads known rows from a store, and adds those that it computes.
     *
     * @param networkIdentity differs if network, weights, engine or machine differ
     */
    public FeatureExtractor with(WorkStore newStore, String networkIdentity) {
        return new FeatureExtractor(
                preprocessing, network, threads, graphBatch, newStore, networkIdentity);
    }

    /**
     * Computes the rows of images.
     *
     * @param <T> what is associated with an image
     * @param items pulled as decoding proceeds, by the calling thread
     * @param request the image of an item
     * @param sink receives each item with its row, in order, on the calling thread
     * @param delivered receives, after each batch, how many items the sink has received in all
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     */
    public <T> void forEach(
            Stream<T> items,
            Function<T, ImageRequest> request,
            BiConsumer<T, float[]> sink,
            LongConsumer delivered) {
        new Pass<>(items.iterator(), request, sink, delivered, Optional.empty()).run();
    }

    /**
     * Computes the rows of images, leaving out unreadable ones.
     *
     * @param <T> what is associated with an image
     * @param items pulled as decoding proceeds, by the calling thread
     * @param request the image of an item
     * @param sink receives each item with its row, in order, on the calling thread
     * @param unreadable receives each item whose image cannot be read, in the same order
     */
    public <T> void forEach(
            Stream<T> items,
            Function<T, ImageRequest> request,
            BiConsumer<T, float[]> sink,
            BiConsumer<T, UnreadableImageException> unreadable) {
        new Pass<>(items.iterator(), request, sink, count -> {}, Optional.of(unreadable)).run();
    }

    /**
     * How many rows of a list the store already has. Reads all files once, in parallel.
     *
     * @param requests as they will be passed to {@link #forEach}
     * @return 0 without a store
     */
    public long known(List<ImageRequest> requests) {
        if (!store.keeps()) {
            return 0;
        }
        requests.stream().map(ImageRequest::radiograph).distinct().toList().parallelStream()
                .forEach(this::hash);
        long known = 0;
        for (int from = 0; from < requests.size(); from += unit()) {
            List<ImageRequest> some =
                    requests.subList(from, Math.min(requests.size(), from + unit()));
            known += key(some).filter(store::contains).isPresent() ? some.size() : 0;
        }
        return known;
    }

    /** Number of consecutive images whose rows are kept under one key. */
    int unit() {
        return network.dependsOnBatch() ? graphBatch : 1;
    }

    BatchPlan plan() {
        return network.dependsOnBatch()
                ? BatchPlan.full(graphBatch, threads)
                : new BatchPlan(MIN_BATCH, MAX_BATCH, threads, network.streams());
    }

    /**
     * A checksum of the contents of some images and their random changes, in their order.
     *
     * @param requests at least one
     * @return empty if a file cannot be read; decoding it reports why
     */
    public Optional<String> key(List<ImageRequest> requests) {
        StringBuilder text = new StringBuilder(identity).append('\n');
        for (ImageRequest request : requests) {
            Optional<String> hash = hash(request.radiograph());
            if (hash.isEmpty()) {
                return Optional.empty();
            }
            text.append(hash.get())
                    .append(' ')
                    .append(
                            request.augmentation()
                                    .map(change -> request.seed() + " " + change)
                                    .orElse("plain"))
                    .append('\n');
        }
        return Optional.of(FileHashes.sha256(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<String> hash(Radiograph image) {
        return hashes.computeIfAbsent(
                image,
                unread -> {
                    try {
                        return Optional.of(unread.sha256());
                    } catch (UncheckedIOException e) {
                        return Optional.empty();
                    }
                });
    }

    private record PooledFeatures(InferenceEngine engine) implements Network {

        @Override
        public List<float[]> rows(FloatBuffer images, int count) {
            FloatTensor features = engine.streamedFeatures(images);
            return IntStream.range(0, count).mapToObj(features::row).toList();
        }

        @Override
        public int streams() {
            return engine.streams();
        }

        @Override
        public boolean dependsOnBatch() {
            return dependsOnBatch(engine);
        }

        static boolean dependsOnBatch(InferenceEngine engine) {
            return engine.report().kind() != EngineReport.Kind.COMPILED;
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "deepcovid-stream");
        thread.setDaemon(true);
        return thread;
    }

    private static List<float[]> await(Future<List<float[]>> batch) {
        try {
            return batch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("inference failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while features were computed");
        }
    }

    /**
     * One pass over images. Each item has a slot in one queue, in the order of the items; a slot is
     * delivered once it and all before it are complete.
     */
    private final class Pass<T> {

        /** Consecutive items whose rows are kept under one key. */
        private static final class Unit {
            private final Optional<String> key;
            private final int size;
            private final List<float[]> rows = new ArrayList<>();

            Unit(Optional<String> key, int size) {
                this.key = key;
                this.size = size;
            }
        }

        private final class Slot {
            private final T item;
            private final Unit unit;
            private final int position;
            private Optional<float[]> row = Optional.empty();
            private Optional<UnreadableImageException> problem = Optional.empty();
            private boolean stored;

            Slot(T item, Unit unit, int position) {
                this.item = item;
                this.unit = unit;
                this.position = position;
            }

            boolean isComplete() {
                return stored || row.isPresent() || problem.isPresent();
            }
        }

        private final Iterator<T> items;
        private final Function<T, ImageRequest> request;
        private final BiConsumer<T, float[]> sink;
        private final LongConsumer delivered;
        private final Optional<BiConsumer<T, UnreadableImageException>> unreadable;
        private final Queue<Slot> slots = new ArrayDeque<>();
        private final Queue<Slot> computing = new ArrayDeque<>();
        private final Queue<ImageRequest> requested = new ArrayDeque<>();
        private final Queue<Future<List<float[]>>> running = new ArrayDeque<>();
        private boolean keeps;
        private long count;

        Pass(
                Iterator<T> items,
                Function<T, ImageRequest> request,
                BiConsumer<T, float[]> sink,
                LongConsumer delivered,
                Optional<BiConsumer<T, UnreadableImageException>> unreadable) {
            this.items = items;
            this.request = request;
            this.sink = sink;
            this.delivered = delivered;
            this.unreadable = unreadable;
            this.keeps = store.keeps();
        }

        void run() {
            int streams = network.streams();
            Optional<ExecutorService> executor =
                    streams == 1
                            ? Optional.empty() // a graph runs on the calling thread
                            : Optional.of(
                                    Executors.newFixedThreadPool(
                                            streams, FeatureExtractor::thread));
            try (ImageBatches batches = batches()) {
                while (batches.hasNext()) {
                    ImageBatch batch = batches.next();
                    FloatBuffer images = batch.images();
                    int size = batch.size();
                    running.add(
                            executor.isPresent()
                                    ? executor.get().submit(() -> rows(images, size))
                                    : CompletableFuture.completedFuture(rows(images, size)));
                    completeAllBut(streams - 1);
                }
                completeAllBut(0);
                deliver();
            } finally {
                executor.ifPresent(ExecutorService::shutdownNow);
            }
        }

        private List<float[]> rows(FloatBuffer images, int size) {
            return network.rows(images, size);
        }

        private ImageBatches batches() {
            Iterator<ImageRequest> missing = new Missing();
            return unreadable.isEmpty()
                    ? ImageBatches.stream(missing, preprocessing, plan())
                    : ImageBatches.stream(
                            missing,
                            preprocessing,
                            plan(),
                            (file, problem) -> completeUnreadable(problem));
        }

        /** The images whose rows the store lacks. */
        private final class Missing implements Iterator<ImageRequest> {

            @Override
            public boolean hasNext() {
                while (requested.isEmpty() && items.hasNext()) {
                    nextUnit();
                }
                return !requested.isEmpty();
            }

            @Override
            public ImageRequest next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("no more images");
                }
                return requested.remove();
            }
        }

        private void nextUnit() {
            List<T> members = new ArrayList<>();
            List<ImageRequest> requests = new ArrayList<>();
            int size = keeps ? unit() : 1;
            while (members.size() < size && items.hasNext()) {
                T item = items.next();
                members.add(item);
                requests.add(request.apply(item));
            }
            Optional<String> key = keeps ? key(requests) : Optional.empty();
            Unit unit = new Unit(key, members.size());
            boolean stored = key.filter(store::contains).isPresent();
            for (int i = 0; i < members.size(); i++) {
                Slot slot = new Slot(members.get(i), unit, i);
                slot.stored = stored;
                slots.add(slot);
                if (!stored) {
                    computing.add(slot);
                    requested.add(requests.get(i));
                }
            }
        }

        private void completeAllBut(int batches) {
            while (running.size() > batches) {
                for (float[] row : await(running.remove())) {
                    Slot slot = computing.remove();
                    slot.row = Optional.of(row);
                    keep(slot.unit, row);
                }
                deliver();
            }
        }

        private void completeUnreadable(UnreadableImageException problem) {
            completeAllBut(0); // the images before it
            computing.remove().problem = Optional.of(problem);
            if (unit() > 1) {
                keeps = false; // from here on batches are no longer the units of the keys
            }
            deliver();
        }

        private void keep(Unit unit, float[] row) {
            if (!keeps || unit.key.isEmpty()) {
                return;
            }
            unit.rows.add(row);
            if (unit.rows.size() == unit.size) {
                int length = row.length;
                float[] all = new float[Math.multiplyExact(unit.size, length)];
                for (int i = 0; i < unit.size; i++) {
                    System.arraycopy(unit.rows.get(i), 0, all, i * length, length);
                }
                store.put(unit.key.get(), all);
                unit.rows.clear();
            }
        }

        private void deliver() {
            long before = count;
            while (!slots.isEmpty() && slots.peek().isComplete()) {
                Slot slot = slots.remove();
                count++;
                if (slot.problem.isPresent()) {
                    unreadable.orElseThrow().accept(slot.item, slot.problem.get());
                } else {
                    sink.accept(slot.item, slot.row.orElseGet(() -> stored(slot)));
                }
            }
            if (count > before) {
                delivered.accept(count);
            }
        }

        private float[] stored(Slot slot) {
            float[] all = store.get(slot.unit.key.orElseThrow());
            int length = all.length / slot.unit.size;
            return Arrays.copyOfRange(all, slot.position * length, (slot.position + 1) * length);
        }
    }
}
