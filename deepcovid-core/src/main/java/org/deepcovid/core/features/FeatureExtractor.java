package org.deepcovid.core.features;

import static java.util.Objects.requireNonNull;

import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.image.ImageNotes;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.ImageView;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Standardization;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.inference.EngineReport;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.BackboneSpec;

/**
 * Computes one row of numbers per image, such as its pooled features, while the next images are
 * decoded ({@link ImageRows}). Memory does not grow with the number of images.
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

    /** Changes whenever files are decoded to other pixels than before. */
    private static final String DECODING = " decoding 3\n";

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

    /**
     * Receives the rows of images, in their order, on the calling thread.
     *
     * @param <T> what is associated with an image
     */
    @FunctionalInterface
    public interface Sink<T> {

        /** Receives a row, and what else is known of its image. */
        void accept(T item, float[] row, ImageNotes notes);
    }

    /** No network: rows are the normalised pixels [3, H, W]. */
    public static final Network PIXELS = new Pixels();

    private static final class Pixels implements Network {

        @Override
        public List<float[]> rows(FloatBuffer images, int count) {
            FloatBuffer source = images.duplicate();
            List<float[]> rows = new ArrayList<>();
            for (int length = source.remaining() / count; rows.size() < count; ) {
                float[] row = new float[length];
                source.get(row);
                rows.add(row);
            }
            return rows;
        }

        @Override
        public boolean dependsOnBatch() {
            return false;
        }
    }

    /**
     * Images per batch, and threads.
     *
     * @param min fewest images, unless there are no more
     * @param streams batches side by side
     */
    record BatchSizes(int min, int max, int threads, int streams) {}

    private final Preprocessing preprocessing;
    private final Network network;
    private final int threads;
    private final int graphBatch;
    private final WorkStore store;
    private final String identity;

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
        if (threads <= 0 || graphBatch <= 0) {
            throw new IllegalArgumentException(
                    "decodeThreads is %d, graphBatch is %d; expected positive numbers"
                            .formatted(threads, graphBatch));
        }
        this.store = requireNonNull(store, "store is null");
        this.identity = requireNonNull(identity, "identity is null");
    }

    /** An extractor of other rows than pooled features. */
    public static FeatureExtractor of(BackboneSpec spec, Network network) {
        return of(new Preprocessing(spec.inputSize(), spec.normalization()), network);
    }

    /** An extractor for images that are prepared in some way. */
    public static FeatureExtractor of(Preprocessing preprocessing, Network network) {
        return new FeatureExtractor(
                requireNonNull(preprocessing, "preprocessing is null"),
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

    /** A copy that shows the network a part of each image. */
    public FeatureExtractor showing(ImageView part) {
        return with(preprocessing.showing(part));
    }

    /** A copy that standardises each image. */
    public FeatureExtractor with(Standardization standardization) {
        return with(preprocessing.with(standardization));
    }

    private FeatureExtractor with(Preprocessing newPreprocessing) {
        return new FeatureExtractor(
                newPreprocessing, network, threads, graphBatch, store, identity);
    }

    /**
     * The rows of images.
     *
     * @param <T> what is associated with an image
     * @param items pulled as decoding proceeds, by the calling thread
     * @param request the image of an item
     * @return rows whose iteration fails if images cannot be read; to be closed
     */
    public <T> ImageRows<T> rows(Iterator<T> items, Function<T, ImageRequest> request) {
        return new ImageRows<>(this, items, request, Optional.empty());
    }

    /**
     * Computes the rows of images.
     *
     * @param <T> what is associated with an image
     * @param items pulled as decoding proceeds, by the calling thread
     * @param request the image of an item
     * @param sink receives each item with its row
     * @return number of rows that were read from the store
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     */
    public <T> long forEach(Stream<T> items, Function<T, ImageRequest> request, Sink<T> sink) {
        return deliver(rows(items.iterator(), request), sink);
    }

    /**
     * Computes the rows of images, leaving out unreadable ones.
     *
     * @param <T> what is associated with an image
     * @param items pulled as decoding proceeds, by the calling thread
     * @param request the image of an item
     * @param sink receives each item with its row
     * @param unreadable receives each item whose image cannot be read, in the same order
     */
    public <T> void forEach(
            Stream<T> items,
            Function<T, ImageRequest> request,
            Sink<T> sink,
            BiConsumer<T, UnreadableImageException> unreadable) {
        deliver(new ImageRows<>(this, items.iterator(), request, Optional.of(unreadable)), sink);
    }

    private static <T> long deliver(ImageRows<T> rows, Sink<T> sink) {
        try (rows) {
            while (rows.hasNext()) {
                float[] row = rows.next();
                sink.accept(rows.item(), row, rows.notes());
            }
            return rows.stored();
        }
    }

    /** Number of consecutive images whose rows are kept under one key. */
    int unit() {
        return network.dependsOnBatch() ? graphBatch : 1;
    }

    BatchSizes batchSizes() {
        return network.dependsOnBatch()
                ? new BatchSizes(graphBatch, graphBatch, threads, 1)
                : new BatchSizes(MIN_BATCH, MAX_BATCH, threads, network.streams());
    }

    Preprocessing preprocessing() {
        return preprocessing;
    }

    WorkStore store() {
        return store;
    }

    List<float[]> rows(FloatBuffer images, int count) {
        return network.rows(images, count);
    }

    /**
     * A checksum of the contents of some images and their random changes, in their order.
     *
     * @param requests at least one
     * @return empty if a file cannot be read; decoding it reports why
     */
    public Optional<String> key(List<ImageRequest> requests) {
        StringBuilder text = new StringBuilder(identity).append(DECODING);
        if (preprocessing.view() != ImageView.WHOLE) {
            text.append(preprocessing.view()).append('\n');
        }
        if (preprocessing.standardization() != Standardization.NONE) {
            text.append(preprocessing.standardization()).append('\n');
        }
        try {
            for (ImageRequest request : requests) {
                text.append(request.radiograph().sha256())
                        .append(' ')
                        .append(
                                request.change()
                                        .map(change -> request.seed() + " " + change)
                                        .orElse("plain"))
                        .append('\n');
            }
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
        return Optional.of(FileHashes.sha256(text.toString().getBytes(StandardCharsets.UTF_8)));
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
}
