package org.deepcovid.core.training;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.inference.EngineReport;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.BackboneSpec;

/** Pooled features of images in the forms that were asked for, each computed once and kept. */
final class FeatureStore {

    private final Preprocessing preprocessing;
    private final InferenceEngine engine;
    private final KeptRows kept;
    private final ImageKeys keys = new ImageKeys();
    private final Map<ImageRequest, float[]> known = new HashMap<>();

    /**
     * An empty store.
     *
     * @param spec what the network promises
     * @param engine runs the network; left open
     * @param kept features of an earlier run, and a place for those of this one
     */
    FeatureStore(BackboneSpec spec, InferenceEngine engine, KeptRows kept) {
        this.preprocessing = new Preprocessing(spec.inputSize(), spec.normalization());
        this.engine = engine;
        this.kept = kept;
    }

    /**
     * Features of images; those not asked for before are computed.
     *
     * @param labels one a request
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled
     */
    synchronized LabelledFeatures features(
            List<ImageRequest> requests,
            List<Label> labels,
            FineTuneConfig config,
            FineTuneListener listener) {
        Set<ImageRequest> missing = new LinkedHashSet<>(requests);
        missing.removeAll(known.keySet());
        if (!missing.isEmpty()) {
            compute(List.copyOf(missing), config, listener);
        }
        return new LabelledFeatures(
                requests.stream().map(ImageRequest::id).toList(),
                labels,
                requests.stream().map(known::get).toList());
    }

    private void compute(
            List<ImageRequest> requests, FineTuneConfig config, FineTuneListener listener) {
        new ImagePass(preprocessing, this::rows, batching(engine), kept, keys)
                .run(requests, config, listener, known::put);
    }

    private List<float[]> rows(ImageBatch batch) {
        FloatTensor features = engine.features(batch.images());
        return IntStream.range(0, batch.size()).mapToObj(features::row).toList();
    }

    /** The compiled engine gives an image the same bits in any batch; a graph need not. */
    static ImagePass.Batching batching(InferenceEngine engine) {
        return engine.report().kind() == EngineReport.Kind.COMPILED
                ? ImagePass.Batching.OF_NO_EFFECT
                : ImagePass.Batching.AFFECTS_ROWS;
    }
}
