package org.deepcovid.core.training;

import static org.deepcovid.core.training.HeadTrainer.stopIfCancelled;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageRequest;

/** Features of images in memory, so that further heads need no second pass over the images. */
final class FeatureCache {

    private final FeatureExtractor extractor;
    private final Map<ImageRequest, float[]> known = new HashMap<>();

    FeatureCache(FeatureExtractor extractor) {
        this.extractor = extractor;
    }

    /**
     * Features of images; those not in the cache are computed.
     *
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled
     */
    synchronized LabelledFeatures features(AugmentedImages images, FineTuneListener listener) {
        Set<ImageRequest> missing = new LinkedHashSet<>(images.requests());
        missing.removeAll(known.keySet());
        if (!missing.isEmpty()) {
            extract(extractor, List.copyOf(missing), listener, known::put);
        }
        return new LabelledFeatures(
                images.labelSet(),
                images.requests().stream().map(ImageRequest::id).toList(),
                images.labels(),
                images.requests().stream().map(known::get).toList());
    }

    /** Computes rows with progress and cancellation. */
    static void extract(
            FeatureExtractor extractor,
            List<ImageRequest> requests,
            FineTuneListener listener,
            BiConsumer<ImageRequest, float[]> sink) {
        listener.onProgress(FineTuneListener.Stage.FEATURES, 0, requests.size());
        AtomicLong done = new AtomicLong();
        long stored =
                extractor.forEach(
                        requests.stream(),
                        request -> request,
                        (request, row, remarks) -> {
                            sink.accept(request, row);
                            listener.onProgress(
                                    FineTuneListener.Stage.FEATURES,
                                    done.incrementAndGet(),
                                    requests.size());
                            stopIfCancelled(listener);
                        });
        if (stored > 0) {
            listener.onResumed(FineTuneListener.Stage.FEATURES, stored);
        }
    }
}
