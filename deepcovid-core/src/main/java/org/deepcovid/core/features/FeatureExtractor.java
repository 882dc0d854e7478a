package org.deepcovid.core.features;

import static java.util.Objects.requireNonNull;

import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.image.BatchPlan;
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
         * @param count number of images
         * @return one row per image
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

        /**
         * Whether the last bits of a row depend on the other images of its batch.
         *
         * @return true unless an image has the same bits in any batch
         */
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

    /**
     * An extractor of other rows than pooled features.
     *
     * @param spec input size and normalisation of the images
     * @param network computes the rows
     * @return an extractor that keeps no rows
     */
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
     * @param spec input size and normalisation of the images
     * @param engine runs the network; left open
     * @return an extractor that keeps no rows
     */
    public static FeatureExtractor of(BackboneSpec spec, InferenceEngine engine) {
        return of(spec, new PooledFeatures(engine));
    }

    /**
     * A copy with other settings of the machine.
     *
     * @param decodeThreads threads that decode images, at least 1
     * @param newGraphBatch images per batch for a DL4J graph, at least 1
     * @return the copy
     */
    public FeatureExtractor with(int decodeThreads, int newGraphBatch) {
        return new FeatureExtractor(
                preprocessing, network, decodeThreads, newGraphBatch, store, identity);
    }

    /**
     * A copy that reads known rows from a store, and adds those that it computes.
     *
     * @param newStore left open
     * @param networkIdentity differs if network, weights, engine or machine differ
     * @return the copy
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
        new FeaturePass<>(this, items.iterator(), request, sink, delivered, Optional.empty()).run();
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
        new FeaturePass<>(
                        this, items.iterator(), request, sink, count -> {}, Optional.of(unreadable))
                .run();
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

    Preprocessing preprocessing() {
        return preprocessing;
    }

    Network network() {
        return network;
    }

    WorkStore store() {
        return store;
    }

    /**
     * A checksum of the contents of some images and their random changes, in their order.
     *
     * @param requests at least one
     * @return empty if a file cannot be read; decoding it will tell why
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
}
