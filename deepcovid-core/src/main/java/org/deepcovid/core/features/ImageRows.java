package org.deepcovid.core.features;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.features.FeatureExtractor.BatchSizes;
import org.deepcovid.core.image.ImageNotes;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.PixelStatistics;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.io.WorkStore;

/**
 * One row of numbers per image, in the order of the images. Images are decoded in parallel, ahead
 * of the network, and batches of a compiled engine run side by side. Images are pulled no earlier
 * than they are decoded, so memory does not grow with their number.
 *
 * <p>For a single consumer thread. Without a listener for unreadable files, the first such file
 * ends the iteration; the remaining files are still decoded, so that one exception names all
 * unreadable files.
 *
 * @param <T> what is associated with an image
 */
public final class ImageRows<T> implements Iterator<float[]>, AutoCloseable {

    private static final int BATCHES_AHEAD = 2;
    private static final int IMAGES_PER_THREAD = 2;

    private static final String SEPARATOR = "\t";

    /** Consecutive images whose rows are stored under one key. */
    private static final class Unit {
        private final int size;
        private final CompletableFuture<Optional<String>> key;
        private final List<float[]> rows = new ArrayList<>(); // each with pixel statistics after it
        private final List<String> remarks = new ArrayList<>(); // one line per image

        Unit(int size, CompletableFuture<Optional<String>> key) {
            this.size = size;
            this.key = key;
        }

        void add(float[] row, ImageNotes notes, WorkStore store) {
            if (key.join().isEmpty()) {
                return;
            }
            rows.add(joined(List.of(row, notes.statistics().numbers())));
            remarks.add(String.join(SEPARATOR, notes.remarks()));
            if (rows.size() == size) {
                float[] all = joined(rows);
                if (remarks.stream().anyMatch(line -> !line.isEmpty())) {
                    store.put(remarksKey(), floats(String.join("\n", remarks)));
                }
                store.put(key.join().get(), all);
                rows.clear();
            }
        }

        private static float[] joined(List<float[]> parts) {
            int length = parts.stream().mapToInt(part -> part.length).reduce(0, Math::addExact);
            float[] all = new float[length];
            int at = 0;
            for (float[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return all;
        }

        float[] stored(int position, WorkStore store) {
            float[] both = both(position, store);
            return Arrays.copyOf(both, both.length - PixelStatistics.length());
        }

        ImageNotes storedNotes(int position, WorkStore store) {
            float[] both = both(position, store);
            int from = both.length - PixelStatistics.length();
            return new ImageNotes(
                    storedRemarks(position, store),
                    PixelStatistics.of(Arrays.copyOfRange(both, from, both.length)));
        }

        private float[] both(int position, WorkStore store) {
            if (rows.isEmpty()) {
                float[] all = store.get(key.join().orElseThrow());
                int length = all.length / size;
                for (int i = 0; i < size; i++) {
                    rows.add(Arrays.copyOfRange(all, i * length, (i + 1) * length));
                }
            }
            return rows.get(position);
        }

        private List<String> storedRemarks(int position, WorkStore store) {
            if (!store.contains(remarksKey())) {
                return List.of();
            }
            String line = text(store.get(remarksKey())).split("\n", -1)[position];
            return line.isEmpty() ? List.of() : List.of(line.split(SEPARATOR));
        }

        private String remarksKey() {
            return key.join().orElseThrow() + " remarks";
        }

        /** Text in a store of numbers. */
        private static float[] floats(String text) {
            float[] codes = new float[text.length()];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = text.charAt(i);
            }
            return codes;
        }

        private static String text(float[] codes) {
            StringBuilder text = new StringBuilder();
            for (float code : codes) {
                text.append((char) code);
            }
            return text.toString();
        }
    }

    /** Consecutive images that are one input of the network. */
    private record Batch(long first, int size, Future<List<float[]>> rows) {}

    /** An image, from its request to the delivery of its row. */
    private final class Slot {
        private final T item;
        private final ImageRequest image;
        private final Unit unit;
        private final int position;

        /** Notes on the image whose pixels are in place; empty if the store has the row. */
        private final Future<Optional<ImageNotes>> decoded;

        private Optional<Batch> batch = Optional.empty();
        private Optional<ImageNotes> notes = Optional.empty();
        private Optional<float[]> row = Optional.empty();
        private Optional<UnreadableImageException> problem = Optional.empty();

        Slot(
                T item,
                ImageRequest image,
                Unit unit,
                int position,
                Future<Optional<ImageNotes>> decoded) {
            this.item = item;
            this.image = image;
            this.unit = unit;
            this.position = position;
            this.decoded = decoded;
        }
    }

    private final FeatureExtractor extractor;
    private final WorkStore store;
    private final BatchSizes sizes;
    private final Iterator<T> items;
    private final Function<T, ImageRequest> request;
    private final Optional<BiConsumer<T, UnreadableImageException>> unreadable;
    private final int imageLength;
    private final int window;

    /**
     * The slot of image i is at i modulo the size, and so are its pixels. Images that are delivered
     * &lt;= images with a batch &lt;= images that are pulled &lt;= delivered ones + size.
     */
    private final List<Slot> ring;

    private final FloatBuffer[] pixels;
    private long delivered;
    private long formed;
    private long pulled;

    private final ExecutorService decoders;
    private final Optional<ExecutorService> streams;
    private int running;
    private long stored;
    private Optional<T> latest = Optional.empty();
    private Optional<ImageNotes> notes = Optional.empty();
    private boolean closed;

    ImageRows(
            FeatureExtractor extractor,
            Iterator<T> items,
            Function<T, ImageRequest> request,
            Optional<BiConsumer<T, UnreadableImageException>> unreadable) {
        this.extractor = extractor;
        this.store = extractor.store();
        this.sizes = extractor.batchSizes();
        this.items = requireNonNull(items, "items is null");
        this.request = requireNonNull(request, "request is null");
        this.unreadable = unreadable;
        int side = extractor.preprocessing().inputSize();
        this.imageLength = 3 * side * side;
        this.window = Math.max(BATCHES_AHEAD * sizes.max(), IMAGES_PER_THREAD * sizes.threads());
        int batchesAhead = (window + sizes.max() - 1) / sizes.max();
        this.pixels = new FloatBuffer[batchesAhead + sizes.streams()];
        this.ring = new ArrayList<>(Collections.nCopies(pixels.length * sizes.max(), null));
        this.decoders = executor(sizes.threads(), "deepcovid-decoder");
        this.streams =
                sizes.streams() == 1
                        ? Optional.empty() // a graph runs on the calling thread
                        : Optional.of(executor(sizes.streams(), "deepcovid-stream"));
        fill();
    }

    private static ExecutorService executor(int threads, String name) {
        return Executors.newFixedThreadPool(
                threads,
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Whether a row follows. Waits for the next image, and may call the listener for unreadable
     * files.
     *
     * @throws CancellationException as {@link #next} does
     */
    @Override
    public boolean hasNext() {
        while (isFirstComplete()) {
            Optional<UnreadableImageException> problem = slot(delivered).problem;
            if (problem.isEmpty() || unreadable.isEmpty()) {
                return true;
            }
            unreadable.get().accept(removeFirst().item, problem.get());
        }
        return false;
    }

    /**
     * Waits for the next row.
     *
     * @throws NoSuchElementException if there are no more images, or this is closed
     * @throws DatasetException naming every file from here on that cannot be decoded, unless such
     *     files are left out; this is then closed
     * @throws CancellationException if the waiting thread is interrupted; its interrupt flag is
     *     then set, and this is closed
     */
    @Override
    public float[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more images, or closed");
        }
        if (slot(delivered).problem.isPresent()) {
            throw everyProblem();
        }
        Slot slot = removeFirst();
        latest = Optional.of(slot.item);
        notes = slot.notes;
        if (slot.row.isEmpty()) {
            stored++;
            notes = Optional.of(slot.unit.storedNotes(slot.position, store));
        }
        float[] row = slot.row.orElseGet(() -> slot.unit.stored(slot.position, store));
        fill();
        if (delivered == pulled) {
            close(); // threads end after the last image, even without close()
        }
        return row;
    }

    /** What the latest row is associated with. */
    T item() {
        return latest.orElseThrow();
    }

    /** What else is known of the image of the latest row. */
    ImageNotes notes() {
        return notes.orElseThrow();
    }

    /** How many of the rows so far were read from the store. */
    long stored() {
        return stored;
    }

    private Slot slot(long number) {
        return ring.get((int) (number % ring.size()));
    }

    private Slot removeFirst() {
        Slot slot = ring.set((int) (delivered % ring.size()), null);
        delivered++;
        formed = Math.max(formed, delivered);
        return slot;
    }

    /** Waits until the first image has a row or cannot have one; false if there is no image. */
    private boolean isFirstComplete() {
        fill();
        while (!closed && delivered < pulled) {
            Slot first = slot(delivered);
            if (first.row.isPresent() || (first.batch.isEmpty() && delivered < formed)) {
                return true;
            }
            if (formed < pulled && running < sizes.streams()) {
                form();
            } else {
                complete(first.batch.orElseThrow());
            }
        }
        close();
        return false;
    }

    private void fill() {
        int unit = store.keeps() ? extractor.unit() : 1;
        while (!closed
                && pulled + unit - formed <= window
                && pulled + unit - delivered <= ring.size()
                && items.hasNext()) {
            pull(unit);
        }
    }

    /** Requests the images of one unit; with a store, all are read before one is decoded. */
    private void pull(int unit) {
        List<T> members = new ArrayList<>();
        while (members.size() < unit && items.hasNext()) {
            members.add(items.next());
        }
        List<ImageRequest> requests = members.stream().map(request).toList();
        boolean keeps = store.keeps();
        List<CompletableFuture<ImageRequest>> read =
                requests.stream()
                        .map(
                                image ->
                                        keeps
                                                ? CompletableFuture.supplyAsync(
                                                        () -> read(image), decoders)
                                                : CompletableFuture.completedFuture(image))
                        .toList();
        Unit group = new Unit(requests.size(), keeps ? key(read) : noKey());
        for (int i = 0; i < requests.size(); i++) {
            FloatBuffer place = place(pulled, 1);
            Future<Optional<ImageNotes>> decoded =
                    read.get(i)
                            .thenCombineAsync(
                                    group.key, (image, key) -> decode(image, key, place), decoders);
            ring.set(
                    (int) (pulled % ring.size()),
                    new Slot(members.get(i), requests.get(i), group, i, decoded));
            pulled++;
        }
    }

    private static ImageRequest read(ImageRequest image) {
        Radiograph content = image.radiograph().read();
        return new ImageRequest(image.id(), content, image.change(), image.seed());
    }

    private static CompletableFuture<Optional<String>> noKey() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletableFuture<Optional<String>> key(List<CompletableFuture<ImageRequest>> read) {
        return CompletableFuture.allOf(read.toArray(CompletableFuture[]::new))
                .handle(
                        (nothing, failure) ->
                                failure == null
                                        ? extractor.key(
                                                read.stream().map(CompletableFuture::join).toList())
                                        : Optional.empty());
    }

    private Optional<ImageNotes> decode(
            ImageRequest image, Optional<String> key, FloatBuffer place) {
        return key.filter(store::contains).isPresent()
                ? Optional.empty()
                : Optional.of(image.load(extractor.preprocessing(), place));
    }

    /**
     * The pixels of consecutive images within one buffer. They are contiguous, so that an engine
     * reads them in place.
     */
    private FloatBuffer place(long first, int count) {
        int index = (int) (first / sizes.max() % pixels.length);
        if (pixels[index] == null) {
            int values = Math.multiplyExact(sizes.max(), imageLength);
            pixels[index] =
                    ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
        }
        int from = (int) (first % sizes.max()) * imageLength;
        return pixels[index].slice(from, count * imageLength);
    }

    /** Starts the network on the next decoded images, or passes an image that needs no run. */
    private void form() {
        long first = formed;
        int limit = sizes.max() - (int) (first % sizes.max());
        while (formed < pulled
                && formed - first < limit
                && !mayStop(formed - first)
                && isDecoded(slot(formed))) {
            formed++;
            fill();
        }
        int size = (int) (formed - first);
        if (size == 0) {
            formed++;
            return;
        }
        FloatBuffer images = place(first, size).asReadOnlyBuffer();
        Batch batch =
                new Batch(
                        first,
                        size,
                        streams.isPresent()
                                ? streams.get().submit(() -> extractor.rows(images, size))
                                : CompletableFuture.completedFuture(extractor.rows(images, size)));
        for (long i = first; i < formed; i++) {
            slot(i).batch = Optional.of(batch);
        }
        running++;
    }

    /** Whether a batch is large enough and the next image is not ready. */
    private boolean mayStop(long images) {
        return images >= sizes.min() && !slot(formed).decoded.isDone();
    }

    /** Waits for an image; false if it needs no run of the network. */
    private boolean isDecoded(Slot slot) {
        try {
            slot.notes = get(slot.decoded, slot.image.radiograph());
            return slot.notes.isPresent();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnreadableImageException unreadableImage) {
                slot.problem = Optional.of(unreadableImage);
                return false;
            }
            close();
            throw new IllegalStateException(
                    "loading %s failed: %s".formatted(slot.image.radiograph(), e.getCause()),
                    e.getCause());
        }
    }

    private void complete(Batch batch) {
        List<float[]> rows;
        try {
            rows = get(batch.rows(), "features");
        } catch (ExecutionException e) {
            close();
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("inference failed: " + e.getCause(), e.getCause());
        }
        running--;
        for (int i = 0; i < batch.size(); i++) {
            Slot slot = slot(batch.first() + i);
            slot.row = Optional.of(rows.get(i));
            slot.unit.add(rows.get(i), slot.notes.orElseThrow(), store);
        }
    }

    private <R> R get(Future<R> future, Object what) throws ExecutionException {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return future.get();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for " + what);
        }
    }

    private DatasetException everyProblem() {
        List<String> problems = new ArrayList<>();
        for (fill(); delivered < pulled; fill()) {
            Slot slot = removeFirst();
            if (!isDecoded(slot)) {
                slot.problem.ifPresent(p -> problems.add(p.id() + ": " + p.reason()));
            }
        }
        close();
        return new DatasetException(
                "images to load", problems, "replace these files or leave them out");
    }

    /** Stops decoding and drops pending images. Further calls have no effect. */
    @Override
    public void close() {
        closed = true;
        decoders.shutdownNow();
        streams.ifPresent(ExecutorService::shutdownNow);
    }
}
