package org.deepcovid.core.training;

import static org.deepcovid.core.training.HeadTrainer.stopIfCancelled;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageBatches;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.BackboneSpec;

/** Pooled features of images in the forms that were asked for, each computed once and kept. */
final class FeatureStore {

    private final Preprocessing preprocessing;
    private final InferenceEngine engine;
    private final Map<ImageRequest, float[]> known = new HashMap<>();

    /**
     * An empty store.
     *
     * @param spec what the network promises
     * @param engine runs the network; left open
     */
    FeatureStore(BackboneSpec spec, InferenceEngine engine) {
        this.preprocessing = new Preprocessing(spec.inputSize(), spec.normalization());
        this.engine = engine;
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
            List<CovidLabel> labels,
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
        listener.onProgress(FineTuneListener.Stage.FEATURES, 0, requests.size());
        try (ImageBatches batches =
                ImageBatches.load(
                        requests,
                        preprocessing,
                        config.inferenceBatchSize(),
                        config.decodeThreads())) {
            int done = 0;
            while (batches.hasNext()) {
                stopIfCancelled(listener);
                ImageBatch batch = batches.next();
                FloatTensor features = engine.features(batch.images());
                for (int i = 0; i < batch.size(); i++) {
                    known.put(requests.get(done++), features.row(i));
                }
                listener.onProgress(FineTuneListener.Stage.FEATURES, done, requests.size());
            }
        }
    }
}
