package org.deepcovid.core.features;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageBatches;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.UnreadableImageException;

/**
 * One pass over images. Each item has a slot in one queue, in the order of the items; a slot is
 * delivered once it and all before it are complete.
 */
final class FeaturePass<T> {

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

    private final FeatureExtractor extractor;
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

    FeaturePass(
            FeatureExtractor extractor,
            Iterator<T> items,
            Function<T, ImageRequest> request,
            BiConsumer<T, float[]> sink,
            LongConsumer delivered,
            Optional<BiConsumer<T, UnreadableImageException>> unreadable) {
        this.extractor = extractor;
        this.items = items;
        this.request = request;
        this.sink = sink;
        this.delivered = delivered;
        this.unreadable = unreadable;
        this.keeps = extractor.store().keeps();
    }

    void run() {
        int streams = extractor.network().streams();
        Optional<ExecutorService> executor =
                streams == 1
                        ? Optional.empty() // a graph runs on the calling thread
                        : Optional.of(Executors.newFixedThreadPool(streams, FeaturePass::thread));
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
        return extractor.network().rows(images, size);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "deepcovid-stream");
        thread.setDaemon(true);
        return thread;
    }

    private ImageBatches batches() {
        Iterator<ImageRequest> missing = new Missing();
        return unreadable.isEmpty()
                ? ImageBatches.stream(missing, extractor.preprocessing(), extractor.plan())
                : ImageBatches.stream(
                        missing,
                        extractor.preprocessing(),
                        extractor.plan(),
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
            hasNext();
            return requested.remove();
        }
    }

    private void nextUnit() {
        List<T> members = new ArrayList<>();
        List<ImageRequest> requests = new ArrayList<>();
        int size = keeps ? extractor.unit() : 1;
        while (members.size() < size && items.hasNext()) {
            T item = items.next();
            members.add(item);
            requests.add(request.apply(item));
        }
        Optional<String> key = keeps ? extractor.key(requests) : Optional.empty();
        Unit unit = new Unit(key, members.size());
        boolean stored = key.filter(extractor.store()::contains).isPresent();
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
        if (extractor.unit() > 1) {
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
            extractor.store().put(unit.key.get(), all);
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
        float[] all = extractor.store().get(slot.unit.key.orElseThrow());
        int length = all.length / slot.unit.size;
        return Arrays.copyOfRange(all, slot.position * length, (slot.position + 1) * length);
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
}
