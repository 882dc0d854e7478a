package org.deepcovid.core.training;

import static org.deepcovid.core.training.HeadTrainer.stopIfCancelled;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.PixelStatistics;

/** Features of images in memory, so that further heads need no second pass over the images. */
final class FeatureCache {

    /** An image with its features and pixel statistics. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Known(ImageRequest request, float[] features, PixelStatistics pixels) {}

    private final FeatureExtractor extractor;
    private final Map<ImageRequest, Known> cached = new HashMap<>();

    FeatureCache(FeatureExtractor extractor) {
        this.extractor = extractor;
    }

    /**
     * Features of images; those not in the cache are computed.
     *
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws java.util.concurrent.CancellationException if the listener cancelled
     */
    LabelledFeatures features(AugmentedImages images, FineTuneListener listener) {
        return new LabelledFeatures(
                images.labelSet(),
                images.requests().stream().map(ImageRequest::id).toList(),
                images.labels(),
                known(images.requests(), listener).stream().map(Known::features).toList());
    }

    /** As {@link #features}, with pixel statistics. */
    synchronized List<Known> known(List<ImageRequest> requests, FineTuneListener listener) {
        Set<ImageRequest> missing = new LinkedHashSet<>(requests);
        missing.removeAll(cached.keySet());
        if (!missing.isEmpty()) {
            extract(
                    extractor,
                    List.copyOf(missing),
                    listener,
                    (request, row, notes) ->
                            cached.put(request, new Known(request, row, notes.statistics())));
        }
        return requests.stream().map(cached::get).toList();
    }

    /** Computes rows with progress and cancellation. */
    static void extract(
            FeatureExtractor extractor,
            List<ImageRequest> requests,
            FineTuneListener listener,
            FeatureExtractor.Sink<ImageRequest> sink) {
        listener.onProgress(FineTuneListener.Stage.FEATURES, 0, requests.size());
        AtomicLong done = new AtomicLong();
        long stored =
                extractor.forEach(
                        requests.stream(),
                        request -> request,
                        (request, row, notes) -> {
                            sink.accept(request, row, notes);
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
