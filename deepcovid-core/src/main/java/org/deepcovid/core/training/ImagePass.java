package org.deepcovid.core.training;

import static org.deepcovid.core.training.HeadTrainer.stopIfCancelled;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageBatches;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;

/**
 * Takes forms of images through a network, one row of numbers each. Rows that an earlier run kept
 * are read instead; the others are kept as they come.
 */
final class ImagePass {

    /** Computes the rows of a batch. */
    @FunctionalInterface
    interface Network {
        List<float[]> rows(ImageBatch batch);
    }

    /** Whether the bits of a row depend on what else is in its batch. */
    enum Batching {
        /** A row is the same in any batch. */
        OF_NO_EFFECT,
        /** A row may be used again only where its whole batch is. */
        AFFECTS_ROWS
    }

    /** Forms that are known or computed together. */
    private record Unit(List<ImageRequest> requests, Optional<String> key, boolean known) {}

    private final Preprocessing preprocessing;
    private final Network network;
    private final Batching batching;
    private final KeptRows kept;
    private final ImageKeys keys;

    ImagePass(
            Preprocessing preprocessing,
            Network network,
            Batching batching,
            KeptRows kept,
            ImageKeys keys) {
        this.preprocessing = preprocessing;
        this.network = network;
        this.batching = batching;
        this.kept = kept;
        this.keys = keys;
    }

    /**
     * Runs.
     *
     * @param sink takes each form with its row, in the order of the forms
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled
     */
    void run(
            List<ImageRequest> requests,
            FineTuneConfig config,
            FineTuneListener listener,
            BiConsumer<ImageRequest, float[]> sink) {
        List<Unit> units = units(requests, config.inferenceBatchSize());
        List<ImageRequest> missing =
                units.stream().filter(u -> !u.known()).flatMap(u -> u.requests().stream()).toList();
        int used = requests.size() - missing.size();
        kept.tell(used);
        listener.onProgress(FineTuneListener.Stage.FEATURES, used, requests.size());
        try (ImageBatches batches =
                ImageBatches.load(
                        missing,
                        preprocessing,
                        config.inferenceBatchSize(),
                        config.decodeThreads())) {
            Computed computed = new Computed(batches, listener, used, requests.size());
            for (Unit unit : units) {
                List<float[]> rows = unit.known() ? read(unit) : compute(unit, computed);
                for (int i = 0; i < rows.size(); i++) {
                    sink.accept(unit.requests().get(i), rows.get(i));
                }
                computed.tell();
            }
        }
    }

    private List<Unit> units(List<ImageRequest> requests, int batchSize) {
        if (kept.keeps()) {
            keys.prepare(requests);
        }
        int size = batching == Batching.OF_NO_EFFECT ? 1 : batchSize;
        List<Unit> units = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += size) {
            List<ImageRequest> some =
                    requests.subList(from, Math.min(requests.size(), from + size));
            Optional<String> key = kept.keeps() ? keys.of(some) : Optional.empty();
            units.add(new Unit(some, key, key.filter(kept::contains).isPresent()));
        }
        return units;
    }

    private List<float[]> read(Unit unit) {
        float[] all = kept.read(unit.key().orElseThrow());
        int length = all.length / unit.requests().size();
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < all.length; from += length) {
            rows.add(Arrays.copyOfRange(all, from, from + length));
        }
        return rows;
    }

    private List<float[]> compute(Unit unit, Computed computed) {
        List<float[]> rows = new ArrayList<>();
        while (rows.size() < unit.requests().size()) {
            rows.add(computed.next());
        }
        unit.key().ifPresent(key -> kept.put(key, joined(rows)));
        return rows;
    }

    private static float[] joined(List<float[]> rows) {
        int length = rows.get(0).length;
        float[] all = new float[Math.multiplyExact(rows.size(), length)];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * length, length);
        }
        return all;
    }

    /** Rows of the missing forms, computed a batch at a time. */
    private final class Computed {

        private final ImageBatches batches;
        private final FineTuneListener listener;
        private final int total;
        private final Queue<float[]> ready = new ArrayDeque<>();
        private int done;
        private int told;

        Computed(ImageBatches batches, FineTuneListener listener, int done, int total) {
            this.batches = batches;
            this.listener = listener;
            this.done = done;
            this.told = done;
            this.total = total;
        }

        float[] next() {
            if (ready.isEmpty()) {
                stopIfCancelled(listener);
                ready.addAll(network.rows(batches.next()));
                done += ready.size();
            }
            return ready.remove();
        }

        /** Tells of a batch, once all of its rows are kept. */
        void tell() {
            if (done > told && ready.isEmpty()) {
                told = done;
                listener.onProgress(FineTuneListener.Stage.FEATURES, done, total);
            }
        }
    }
}
