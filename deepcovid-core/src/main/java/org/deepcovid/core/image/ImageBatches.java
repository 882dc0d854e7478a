package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.deepcovid.core.DatasetException;

/**
 * Decodes images in parallel, ahead of the consuming network, and returns them in batches in the
 * order of the requests. Two batches are decoded ahead, or two images per thread if that is more;
 * requests are pulled no earlier, so memory does not grow with their number.
 *
 * <p>For a single consumer thread. Without a listener for unreadable files, the first such file
 * ends the iteration; the remaining files are still decoded, so that one exception names all
 * unreadable files.
 */
public final class ImageBatches implements Iterator<ImageBatch>, AutoCloseable {

    private static final int BATCHES_AHEAD = 2;
    private static final int IMAGES_PER_THREAD = 2;

    private final Iterator<ImageRequest> requests;
    private final Preprocessing preprocessing;
    private final BatchPlan plan;
    private final Optional<BiConsumer<ImageRequest, UnreadableImageException>> unreadable;
    private final long window;
    private final Ring ring;
    private final ExecutorService decoders;
    private final Queue<Decoding> pending = new ArrayDeque<>();
    private long submitted;
    private boolean closed;

    private record Decoding(long number, ImageRequest request, Future<?> done) {}

    private ImageBatches(
            Iterator<ImageRequest> requests,
            Preprocessing preprocessing,
            BatchPlan plan,
            Optional<BiConsumer<ImageRequest, UnreadableImageException>> unreadable) {
        this.requests = requests;
        this.preprocessing = preprocessing;
        this.plan = plan;
        this.unreadable = unreadable;
        int threads = plan.decodeThreads();
        this.window =
                Math.max(
                        (long) BATCHES_AHEAD * plan.maxBatch(), (long) IMAGES_PER_THREAD * threads);
        int ahead = Math.toIntExact((window + plan.maxBatch() - 1) / plan.maxBatch());
        int imageLength = 3 * preprocessing.inputSize() * preprocessing.inputSize();
        this.ring = new Ring(plan.maxBatch(), imageLength, ahead + plan.liveBatches());
        this.decoders =
                Executors.newFixedThreadPool(
                        threads,
                        task -> {
                            Thread thread = new Thread(task, "deepcovid-decoder");
                            thread.setDaemon(true);
                            return thread;
                        });
        fillWindow();
    }

    /**
     * Starts decoding in full batches.
     *
     * @param requests images, in order
     * @param preprocessing input size and normalisation
     * @param batchSize images per batch, positive; the last batch may be smaller
     * @param threads decoder threads, positive
     * @return the batches; to be closed
     * @throws IllegalArgumentException if a number is not positive
     */
    public static ImageBatches load(
            List<ImageRequest> requests, Preprocessing preprocessing, int batchSize, int threads) {
        BatchPlan plan = BatchPlan.full(batchSize, threads);
        return stream(
                List.copyOf(requests).iterator(), preprocessing, plan.atMost(requests.size()));
    }

    /**
     * Starts decoding any number of images.
     *
     * @param requests pulled as decoding proceeds, by the consumer thread
     * @param preprocessing input size and normalisation
     * @param plan batch sizes and number of threads
     * @return the batches; to be closed
     */
    public static ImageBatches stream(
            Iterator<ImageRequest> requests, Preprocessing preprocessing, BatchPlan plan) {
        return new ImageBatches(requests, preprocessing, plan, Optional.empty());
    }

    /**
     * Starts decoding any number of images. Unreadable ones are reported to a listener and left out
     * of the batches.
     *
     * @param requests pulled as decoding proceeds, by the consumer thread
     * @param preprocessing input size and normalisation
     * @param plan batch sizes and number of threads
     * @param unreadable called on the consumer thread for each file that cannot be decoded: after
     *     the batches with earlier images and before any with later ones
     * @return the batches; to be closed
     */
    public static ImageBatches stream(
            Iterator<ImageRequest> requests,
            Preprocessing preprocessing,
            BatchPlan plan,
            BiConsumer<ImageRequest, UnreadableImageException> unreadable) {
        requireNonNull(unreadable, "unreadable is null");
        return new ImageBatches(requests, preprocessing, plan, Optional.of(unreadable));
    }

    private void fillWindow() {
        while (pending.size() < window && requests.hasNext()) {
            ImageRequest request = requests.next();
            long number = submitted++;
            FloatBuffer place = ring.place(number, 1);
            Future<?> done = decoders.submit(() -> decode(request, place));
            pending.add(new Decoding(number, request, done));
        }
        if (!requests.hasNext()) {
            decoders.shutdown(); // threads end after the last image, even without close()
        }
    }

    private void decode(ImageRequest request, FloatBuffer place) {
        preprocessing.toTensor(request.load(preprocessing), place);
    }

    /**
     * Whether a batch follows. Where unreadable files are left out, this waits for the next image
     * and may call the listener.
     *
     * @throws CancellationException as {@link #next} does
     */
    @Override
    public boolean hasNext() {
        while (unreadable.isPresent() && !closed && !pending.isEmpty()) {
            Decoding first = pending.peek();
            Optional<UnreadableImageException> problem = await(first);
            if (problem.isEmpty()) {
                return true;
            }
            advance();
            unreadable.get().accept(first.request(), problem.get());
        }
        return !closed && !pending.isEmpty();
    }

    /**
     * Waits for the next batch.
     *
     * @return images in a buffer that is valid until {@link BatchPlan#liveBatches()} further
     *     batches have been requested
     * @throws NoSuchElementException if there are no more images, or this is closed
     * @throws DatasetException naming every file from here on that cannot be decoded, unless such
     *     files are left out; this is then closed
     * @throws CancellationException if the waiting thread is interrupted; its interrupt flag is
     *     then set, and this is closed
     */
    @Override
    public ImageBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException(closed ? "closed" : "no more images");
        }
        List<String> ids = new ArrayList<>();
        long first = pending.element().number();
        int limit = ring.run(first);
        while (!pending.isEmpty() && ids.size() < limit && !mayStop(ids.size())) {
            if (await(pending.element()).isPresent()) {
                if (unreadable.isEmpty()) {
                    throw everyProblem();
                }
                break; // reported by the next call of hasNext()
            }
            ids.add(pending.element().request().id());
            advance();
        }
        if (pending.isEmpty()) {
            close();
        }
        FloatBuffer images = ring.place(first, ids.size()).asReadOnlyBuffer();
        return new ImageBatch(ids, preprocessing.inputSize(), images);
    }

    /** Whether a batch is large enough and the next image is not ready. */
    private boolean mayStop(int images) {
        return images >= plan.minBatch() && !pending.element().done().isDone();
    }

    private void advance() {
        pending.remove();
        fillWindow();
    }

    private DatasetException everyProblem() {
        List<String> problems = new ArrayList<>();
        while (!pending.isEmpty()) {
            await(pending.element())
                    .ifPresent(problem -> problems.add(problem.id() + ": " + problem.reason()));
            advance();
        }
        close();
        return new DatasetException(
                "images to load", problems, "replace these files or leave them out");
    }

    /**
     * Waits for an image.
     *
     * @return why it cannot be read; empty if it can
     */
    private Optional<UnreadableImageException> await(Decoding decoding) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            decoding.done().get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnreadableImageException unreadableImage) {
                return Optional.of(unreadableImage);
            }
            close();
            throw new IllegalStateException(
                    "loading %s failed: %s"
                            .formatted(decoding.request().radiograph(), e.getCause()),
                    e.getCause());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CancellationException(
                    "interrupted while waiting for " + decoding.request().radiograph());
        }
    }

    /** Stops decoding and drops pending images. Further calls have no effect. */
    @Override
    public void close() {
        closed = true;
        pending.clear();
        decoders.shutdownNow();
    }

    /**
     * A ring of direct buffers of one batch each. Images of a buffer are contiguous, so that an
     * engine reads them in place.
     */
    private static final class Ring {

        private final int batch;
        private final int imageLength;
        private final FloatBuffer[] buffers;

        Ring(int batch, int imageLength, int buffers) {
            this.batch = batch;
            this.imageLength = imageLength;
            this.buffers = new FloatBuffer[buffers];
        }

        /** Number of slots from this image to the end of its buffer. */
        int run(long image) {
            return batch - (int) (image % batch);
        }

        /** The slots of consecutive images within one buffer. */
        FloatBuffer place(long first, int count) {
            int index = (int) (first / batch % buffers.length);
            if (buffers[index] == null) {
                int values = Math.multiplyExact(batch, imageLength);
                buffers[index] =
                        ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                                .order(ByteOrder.nativeOrder())
                                .asFloatBuffer();
            }
            int from = (int) (first % batch) * imageLength;
            return buffers[index].slice(from, count * imageLength);
        }
    }
}
