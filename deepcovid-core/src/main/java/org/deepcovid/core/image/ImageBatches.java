package org.deepcovid.core.image;

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
import org.deepcovid.core.DatasetException;

/**
 * Decodes images in parallel, ahead of the network that consumes them, and hands them out in
 * batches in the order of the requests. Two batches are decoded ahead, or two images a thread if
 * that is more.
 *
 * <p>One thread consumes. After an unreadable file no further batch is handed out; the remaining
 * files are still decoded, so that one exception names all unreadable files.
 */
public final class ImageBatches implements Iterator<ImageBatch>, AutoCloseable {

    private static final int BATCHES_AHEAD = 2;
    private static final int IMAGES_A_THREAD = 2;

    private final Iterator<ImageRequest> requests;
    private final Preprocessing preprocessing;
    private final int batchSize;
    private final long window;
    private final ExecutorService decoders;
    private final Queue<Decoding> pending = new ArrayDeque<>();
    private final float[] scratch;
    private final FloatBuffer buffer;
    private boolean closed;

    private record Decoding(ImageRequest request, Future<RasterImage> image) {}

    private ImageBatches(
            List<ImageRequest> requests, Preprocessing preprocessing, int batchSize, int threads) {
        this.requests = requests.iterator();
        this.preprocessing = preprocessing;
        this.batchSize = batchSize;
        int length = 3 * preprocessing.inputSize() * preprocessing.inputSize();
        this.scratch = new float[length];
        this.buffer =
                directBuffer(Math.multiplyExact(Math.min(requests.size(), batchSize), length));
        this.window = Math.max((long) BATCHES_AHEAD * batchSize, (long) IMAGES_A_THREAD * threads);
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

    private static FloatBuffer directBuffer(int values) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /**
     * Starts to decode.
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
        if (batchSize <= 0 || threads <= 0) {
            throw new IllegalArgumentException(
                    "batchSize is %d, threads is %d; expected positive numbers"
                            .formatted(batchSize, threads));
        }
        return new ImageBatches(List.copyOf(requests), preprocessing, batchSize, threads);
    }

    private void fillWindow() {
        while (pending.size() < window && requests.hasNext()) {
            ImageRequest request = requests.next();
            pending.add(new Decoding(request, decoders.submit(() -> request.load(preprocessing))));
        }
        if (!requests.hasNext()) {
            decoders.shutdown(); // the threads end with the last image, even without close()
        }
    }

    @Override
    public boolean hasNext() {
        return !closed && !pending.isEmpty();
    }

    /**
     * Waits for the next batch.
     *
     * @return up to {@code batchSize} images, in a buffer that the next call overwrites
     * @throws NoSuchElementException if there are no more images, or this is closed
     * @throws DatasetException naming every file from here on that cannot be decoded; this is then
     *     closed
     * @throws CancellationException if the waiting thread is interrupted; its interrupt flag is
     *     then set, and this is closed
     */
    @Override
    public ImageBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException(closed ? "closed" : "no more images");
        }
        List<String> ids = new ArrayList<>();
        List<RasterImage> images = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        while (!pending.isEmpty() && (images.size() < batchSize || !problems.isEmpty())) {
            Decoding decoding = pending.remove();
            fillWindow();
            Optional<RasterImage> image = await(decoding, problems);
            if (problems.isEmpty()) {
                ids.add(decoding.request().id());
                images.add(image.orElseThrow());
            }
        }
        if (pending.isEmpty()) {
            close();
        }
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "images to load", problems, "replace these files or leave them out");
        }
        return new ImageBatch(ids, preprocessing.inputSize(), stack(images));
    }

    /** The image, or a further problem. */
    private Optional<RasterImage> await(Decoding decoding, List<String> problems) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Optional.of(decoding.image().get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnreadableImageException unreadable) {
                problems.add(unreadable.path() + ": " + unreadable.reason());
                return Optional.empty();
            }
            close();
            throw new IllegalStateException(
                    "loading %s failed: %s".formatted(decoding.request().file(), e.getCause()),
                    e.getCause());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CancellationException(
                    "interrupted while waiting for " + decoding.request().file());
        }
    }

    /** Fills the one buffer, which lies outside the heap so that engines read it in place. */
    private FloatBuffer stack(List<RasterImage> images) {
        buffer.clear();
        for (RasterImage image : images) {
            preprocessing.toTensor(image, scratch, 0);
            buffer.put(scratch);
        }
        return buffer.flip().asReadOnlyBuffer();
    }

    /** Stops decoding; images not handed out yet are dropped. Further calls do nothing. */
    @Override
    public void close() {
        closed = true;
        pending.clear();
        decoders.shutdownNow();
    }
}
