package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

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
 * Decodes images in parallel, ahead of the network that consumes them, and hands them out in
 * batches in the order of the requests. Two batches are decoded ahead, or two images a thread if
 * that is more; requests are asked for no earlier, so memory does not grow with their number.
 *
 * <p>One thread consumes. After an unreadable file no further batch is handed out, unless somebody
 * was named who is told of such files; the remaining files are still decoded, so that one exception
 * names all unreadable files.
 */
public final class ImageBatches implements Iterator<ImageBatch>, AutoCloseable {

    private static final int BATCHES_AHEAD = 2;
    private static final int IMAGES_A_THREAD = 2;

    private final Iterator<ImageRequest> requests;
    private final Preprocessing preprocessing;
    private final BatchPlan plan;
    private final Optional<BiConsumer<ImageRequest, UnreadableImageException>> unreadable;
    private final long window;
    private final BatchRing ring;
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
        int threads = plan.threads();
        this.window =
                Math.max((long) BATCHES_AHEAD * plan.most(), (long) IMAGES_A_THREAD * threads);
        int ahead = Math.toIntExact((window + plan.most() - 1) / plan.most());
        int imageLength = 3 * preprocessing.inputSize() * preprocessing.inputSize();
        this.ring = new BatchRing(plan.most(), imageLength, ahead + plan.kept());
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
     * Starts to decode; batches are full.
     *
     * @param requests images in the order in which they are wanted
     * @param preprocessing input size and normalisation
     * @param batchSize images of a batch, positive; the last batch may be smaller
     * @param threads threads that decode, positive
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
     * Starts to decode; any number of images.
     *
     * @param requests asked for as decoding goes on, always by the thread that consumes
     * @param preprocessing input size and normalisation
     * @param plan sizes of batches and number of threads
     * @return the batches; to be closed
     */
    public static ImageBatches stream(
            Iterator<ImageRequest> requests, Preprocessing preprocessing, BatchPlan plan) {
        return new ImageBatches(requests, preprocessing, plan, Optional.empty());
    }

    /**
     * Starts to decode; any number of images, some of which may be unreadable. Those are left out
     * of the batches.
     *
     * @param requests asked for as decoding goes on, always by the thread that consumes
     * @param preprocessing input size and normalisation
     * @param plan sizes of batches and number of threads
     * @param unreadable is told, by the thread that consumes, of each file that cannot be decoded,
     *     after the batches with the images before it and before any with images behind it
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
            decoders.shutdown(); // the threads end with the last image, even without close()
        }
    }

    private void decode(ImageRequest request, FloatBuffer place) {
        preprocessing.toTensor(request.load(preprocessing), place);
    }

    /**
     * Whether a batch follows. Where unreadable files are left out, this waits for the next image
     * and may tell of such files.
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
     * @return images in a buffer that stays as it is until as many further batches as the plan
     *     keeps have been asked for
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
        int longest = ring.run(first);
        while (!pending.isEmpty() && ids.size() < longest && !mayStop(ids.size())) {
            if (await(pending.element()).isPresent()) {
                if (unreadable.isEmpty()) {
                    throw everyProblem();
                }
                break; // told of when the next batch is asked for
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

    /** Enough for a batch, and the next image is not ready. */
    private boolean mayStop(int images) {
        return images >= plan.least() && !pending.element().done().isDone();
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

    /** Waits for an image; tells why it cannot be read. */
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

    /** Stops decoding; images not handed out yet are dropped. Further calls do nothing. */
    @Override
    public void close() {
        closed = true;
        pending.clear();
        decoders.shutdownNow();
    }
}
