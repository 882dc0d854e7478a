package org.deepcovid.core.image;

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
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    private boolean closed;

    private record Decoding(ImageRequest request, Future<RasterImage> image) {}

    private ImageBatches(
            List<ImageRequest> requests, Preprocessing preprocessing, int batchSize, int threads) {
        this.requests = requests.iterator();
        this.preprocessing = preprocessing;
        this.batchSize = batchSize;
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
        DeepCovidRuntime.initialise();
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
     * @return up to {@code batchSize} images
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
        return new ImageBatch(ids, stack(images));
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

    private INDArray stack(List<RasterImage> images) {
        int size = preprocessing.inputSize();
        int length = 3 * size * size;
        float[] values = new float[Math.multiplyExact(images.size(), length)];
        for (int i = 0; i < images.size(); i++) {
            preprocessing.toTensor(images.get(i), values, i * length);
        }
        return Nd4j.create(values, new long[] {images.size(), 3, size, size}, 'c');
    }

    /** Stops decoding; images not handed out yet are dropped. Further calls do nothing. */
    @Override
    public void close() {
        closed = true;
        pending.clear();
        decoders.shutdownNow();
    }
}
