package org.deepcovid.core.training;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.io.FileHashes;

/**
 * Names forms of images by what decides their pixels: content of the file, kind and seed of the
 * changes. Each file is read once.
 */
final class ImageKeys {

    private final Map<Radiograph, Optional<String>> hashes = new ConcurrentHashMap<>();

    /** Reads files in parallel, ahead of {@link #of}. */
    void prepare(List<ImageRequest> requests) {
        requests.stream().map(ImageRequest::radiograph).distinct().toList().parallelStream()
                .forEach(this::hash);
    }

    /**
     * The key of some forms, in their order.
     *
     * @return SHA-256, or empty if a file cannot be read; decoding it will say why
     */
    Optional<String> of(List<ImageRequest> requests) {
        StringBuilder text = new StringBuilder();
        for (ImageRequest request : requests) {
            Optional<String> hash = hash(request.radiograph());
            if (hash.isEmpty()) {
                return Optional.empty();
            }
            text.append(hash.get()).append(' ').append(changes(request)).append('\n');
        }
        return Optional.of(FileHashes.sha256(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String changes(ImageRequest request) {
        return request.augmentation().map(a -> request.seed() + " " + a).orElse("plain");
    }

    private Optional<String> hash(Radiograph image) {
        return hashes.computeIfAbsent(image, ImageKeys::read);
    }

    private static Optional<String> read(Radiograph image) {
        try {
            return Optional.of(image.sha256());
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
