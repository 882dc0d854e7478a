package org.deepcovid.core;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.deepcovid.core.image.BatchPlan;
import org.deepcovid.core.image.ImageBatches;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.inference.EngineReport;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;

/**
 * Turns any number of images into features, in their order, while the next ones are decoded. Holds
 * no more than a few batches at any time.
 */
final class FeatureStream {

    /** Images that a graph runs at a time. */
    private static final int FULL = 20;

    /** Images that each stream of the compiled engine runs at a time; more need only memory. */
    private static final int MOST = 10;

    /** Below this, a batch costs the network more an image than the wait for further images. */
    private static final int LEAST = 4;

    private final InferenceEngine engine;
    private final Preprocessing preprocessing;

    FeatureStream(InferenceEngine engine, Preprocessing preprocessing) {
        this.engine = engine;
        this.preprocessing = preprocessing;
    }

    /** The compiled engine gives an image the same bits in any batch; a graph need not. */
    private BatchPlan plan() {
        int processors = Runtime.getRuntime().availableProcessors();
        return engine.report().kind() == EngineReport.Kind.COMPILED
                ? new BatchPlan(LEAST, MOST, processors, engine.streams())
                : BatchPlan.full(FULL, processors);
    }

    /** Unreadable files end the run with one exception that names all of them. */
    <T> void forEach(
            Iterator<T> items, Function<T, ImageRequest> request, BiConsumer<T, float[]> features) {
        Answers<T> answers = new Answers<>(items, request, features);
        try (ImageBatches batches = ImageBatches.stream(answers, preprocessing, plan())) {
            consume(batches, answers);
        }
    }

    /** Unreadable files are told of and left out. */
    <T> void forEach(
            Iterator<T> items,
            Function<T, ImageRequest> request,
            BiConsumer<T, float[]> features,
            BiConsumer<T, UnreadableImageException> unreadable) {
        Answers<T> answers = new Answers<>(items, request, features);
        try (ImageBatches batches =
                ImageBatches.stream(
                        answers,
                        preprocessing,
                        plan(),
                        (file, problem) -> answers.unreadable(unreadable, problem))) {
            consume(batches, answers);
        }
    }

    /** Keeps all streams of the engine busy. */
    private <T> void consume(ImageBatches batches, Answers<T> answers) {
        ExecutorService streams =
                Executors.newFixedThreadPool(engine.streams(), FeatureStream::thread);
        try {
            while (batches.hasNext()) {
                FloatBuffer images = batches.next().images();
                answers.expect(streams.submit(() -> engine.streamedFeatures(images)));
                answers.deliverAllBut(engine.streams() - 1);
            }
            answers.deliverAllBut(0);
        } finally {
            streams.shutdownNow();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "deepcovid-stream");
        thread.setDaemon(true);
        return thread;
    }

    /** Brings batches that run side by side and the items they belong to together, in order. */
    private static final class Answers<T> implements Iterator<ImageRequest> {

        private final Iterator<T> items;
        private final Function<T, ImageRequest> request;
        private final BiConsumer<T, float[]> consumer;
        private final Queue<T> waiting = new ArrayDeque<>();
        private final Queue<Future<FloatTensor>> running = new ArrayDeque<>();

        Answers(
                Iterator<T> items,
                Function<T, ImageRequest> request,
                BiConsumer<T, float[]> consumer) {
            this.items = items;
            this.request = request;
            this.consumer = consumer;
        }

        @Override
        public boolean hasNext() {
            return items.hasNext();
        }

        @Override
        public ImageRequest next() {
            T item = items.next();
            waiting.add(item);
            return request.apply(item);
        }

        void expect(Future<FloatTensor> batch) {
            running.add(batch);
        }

        void deliverAllBut(int batches) {
            while (running.size() > batches) {
                FloatTensor features = await(running.remove());
                for (int row = 0; row < features.batch(); row++) {
                    consumer.accept(waiting.remove(), features.row(row));
                }
            }
        }

        void unreadable(
                BiConsumer<T, UnreadableImageException> listener,
                UnreadableImageException problem) {
            deliverAllBut(0); // the files before it
            listener.accept(waiting.remove(), problem);
        }

        private static FloatTensor await(Future<FloatTensor> batch) {
            try {
                return batch.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException("inference failed: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while images were scored");
            }
        }
    }
}
