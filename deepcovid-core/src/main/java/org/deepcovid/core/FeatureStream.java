package org.deepcovid.core;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.deepcovid.core.image.BatchPlan;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageBatches;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.inference.EngineKind;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;

/**
 * Turns any number of images into features, in their order, while the next ones are decoded. Holds
 * no more than a few batches at any time.
 */
final class FeatureStream {

    private static final int MOST = 20;

    /** Below this, a batch costs the network more an image than the wait for further images. */
    private static final int LEAST = 8;

    private final InferenceEngine engine;
    private final Preprocessing preprocessing;

    FeatureStream(InferenceEngine engine, Preprocessing preprocessing) {
        this.engine = engine;
        this.preprocessing = preprocessing;
    }

    /** The compiled engine gives an image the same bits in any batch; a graph need not. */
    private BatchPlan plan() {
        int least = engine.report().kind() == EngineKind.COMPILED ? LEAST : MOST;
        return new BatchPlan(least, MOST, Runtime.getRuntime().availableProcessors());
    }

    /** Unreadable files end the run with one exception that names all of them. */
    <T> void forEach(
            Iterator<T> items, Function<T, ImageRequest> request, BiConsumer<T, float[]> features) {
        Awaited<T> awaited = new Awaited<>(items, request);
        try (ImageBatches batches = ImageBatches.stream(awaited, preprocessing, plan())) {
            consume(batches, awaited, features);
        }
    }

    /** Unreadable files are told of and left out. */
    <T> void forEach(
            Iterator<T> items,
            Function<T, ImageRequest> request,
            BiConsumer<T, float[]> features,
            BiConsumer<T, UnreadableImageException> unreadable) {
        Awaited<T> awaited = new Awaited<>(items, request);
        try (ImageBatches batches =
                ImageBatches.stream(
                        awaited,
                        preprocessing,
                        plan(),
                        (file, problem) -> unreadable.accept(awaited.answered(), problem))) {
            consume(batches, awaited, features);
        }
    }

    private <T> void consume(
            ImageBatches batches, Awaited<T> awaited, BiConsumer<T, float[]> consumer) {
        while (batches.hasNext()) {
            ImageBatch batch = batches.next();
            FloatTensor features = engine.features(batch.images());
            for (int row = 0; row < features.batch(); row++) {
                consumer.accept(awaited.answered(), features.row(row));
            }
        }
    }

    /** Remembers what has been asked for and not yet answered; answers come in the same order. */
    private static final class Awaited<T> implements Iterator<ImageRequest> {

        private final Iterator<T> items;
        private final Function<T, ImageRequest> request;
        private final Queue<T> waiting = new ArrayDeque<>();

        Awaited(Iterator<T> items, Function<T, ImageRequest> request) {
            this.items = items;
            this.request = request;
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

        T answered() {
            return waiting.remove();
        }
    }
}
