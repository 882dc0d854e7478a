package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deepcovid.core.data.NearCopies;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.Backbone;

/**
 * How a fine-tuning is run on a machine: settings that have no part in the recipe.
 *
 * @param listener receives progress and may cancel
 * @param work keeps finished parts, so that an interrupted run continues; left open. Call {@link
 *     WorkStore#finish} once the result is saved
 * @param decodeThreads threads that read and resize images
 * @param graphBatchSize images per batch where a DL4J graph computes features; compiled networks
 *     choose their own
 * @param nearCopies whether near copies with different labels, or in different parts, are refused
 * @param precision of the frozen network; empty chooses bfloat16 where this processor has matrix
 *     instructions for it and {@link PrecisionCheck} finds the scores unchanged, else float32.
 *     Layers are trained in float32
 */
public record RunOptions(
        FineTuneListener listener,
        WorkStore work,
        int decodeThreads,
        int graphBatchSize,
        NearCopies.Policy nearCopies,
        Optional<Precision> precision) {

    public RunOptions {
        requireNonNull(listener, "listener is null");
        requireNonNull(work, "work is null");
        requireNonNull(nearCopies, "nearCopies is null");
        requireNonNull(precision, "precision is null");
        if (decodeThreads <= 0 || graphBatchSize <= 0) {
            throw new IllegalArgumentException(
                    "decodeThreads is %d, graphBatchSize is %d; expected positive numbers"
                            .formatted(decodeThreads, graphBatchSize));
        }
    }

    /**
     * No listener, no kept work, one decoding thread per processor, float32; near copies are
     * refused.
     */
    public static RunOptions defaults() {
        return new RunOptions(
                FineTuneListener.SILENT,
                WorkStore.none(),
                Runtime.getRuntime().availableProcessors(),
                FeatureExtractor.GRAPH_BATCH,
                NearCopies.Policy.REFUSE,
                Optional.of(Precision.FLOAT32));
    }

    /** A copy with a listener. */
    public RunOptions withListener(FineTuneListener newListener) {
        return new RunOptions(
                newListener, work, decodeThreads, graphBatchSize, nearCopies, precision);
    }

    /** A copy that keeps finished parts of the run. */
    public RunOptions withWork(WorkStore newWork) {
        return new RunOptions(
                listener, newWork, decodeThreads, graphBatchSize, nearCopies, precision);
    }

    /** A copy with other settings of the machine. */
    public RunOptions withMachine(int newDecodeThreads, int newGraphBatchSize) {
        return new RunOptions(
                listener, work, newDecodeThreads, newGraphBatchSize, nearCopies, precision);
    }

    /** A copy that refuses near copies or does not. */
    public RunOptions withNearCopies(NearCopies.Policy policy) {
        return new RunOptions(listener, work, decodeThreads, graphBatchSize, policy, precision);
    }

    /**
     * A copy with a precision of the frozen network.
     *
     * @param newPrecision empty to choose by the processor
     */
    public RunOptions withPrecision(Optional<Precision> newPrecision) {
        return new RunOptions(
                listener, work, decodeThreads, graphBatchSize, nearCopies, newPrecision);
    }

    /** An extractor of pooled features with these settings and this store. */
    public FeatureExtractor extractor(Backbone backbone, InferenceEngine engine) {
        return with(
                FeatureExtractor.of(backbone.spec(), engine),
                backbone,
                "pooled features",
                engine.report().runtime());
    }

    /**
     * An extractor with these settings and this store.
     *
     * @param output the output that the rows hold
     * @param engine runtime with its version
     */
    FeatureExtractor with(FeatureExtractor plain, Backbone backbone, String output, String engine) {
        FeatureExtractor extractor = plain.with(decodeThreads, graphBatchSize);
        return work.keeps()
                ? extractor.with(work, NetworkIdentity.of(backbone, output, engine))
                : extractor;
    }
}
