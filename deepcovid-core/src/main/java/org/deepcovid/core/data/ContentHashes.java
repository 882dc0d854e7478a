package org.deepcovid.core.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.UnreadableImageException;

/** Keys of images' contents, by which equal images are found. */
final class ContentHashes {

    private ContentHashes() {}

    private record Outcome(LabelledImage image, String key, Optional<String> problem) {}

    /**
     * Keys that are equal for equal decoded pixels if every image has been decoded, and otherwise
     * for files that are byte for byte equal. Only files whose size is not unique are read.
     */
    static Map<LabelledImage, String> of(Collection<LabelledImage> images) {
        if (images.stream().map(LabelledImage::radiograph).allMatch(Radiograph::hasPixelsSha256)) {
            return ofPixels(images);
        }
        Map<Long, Integer> filesOfSize = new HashMap<>();
        images.stream()
                .distinct()
                .forEach(image -> filesOfSize.merge(size(image), 1, Integer::sum));
        return keys(
                images,
                image -> {
                    long size = size(image);
                    boolean unique = size >= 0 && filesOfSize.get(size) == 1;
                    return unique ? size + " bytes" : image.sha256();
                });
    }

    /**
     * The same, but if every image has been decoded, the keys of near copies with one label and one
     * marked part, or none, are equal too.
     */
    static Map<LabelledImage, String> withNearCopies(List<LabelledImage> images) {
        Map<LabelledImage, String> keys = new HashMap<>(of(images));
        if (images.stream().map(LabelledImage::radiograph).allMatch(Radiograph::hasPixelsSha256)) {
            for (NearCopies.Copies pair : NearCopies.of(images)) {
                if (!pair.differs(LabelledImage::label) && !pair.differs(LabelledImage::part)) {
                    String first = keys.get(pair.first());
                    String second = keys.get(pair.second());
                    keys.replaceAll((image, key) -> key.equals(second) ? first : key);
                }
            }
        }
        return keys;
    }

    /** Keys that are equal for equal decoded pixels; images are decoded that were not before. */
    static Map<LabelledImage, String> ofPixels(Collection<LabelledImage> images) {
        return keys(images, image -> image.radiograph().pixelsSha256());
    }

    /** Images with equal keys, where there are several; in the order of the images. */
    static List<List<LabelledImage>> equal(
            Map<LabelledImage, String> keys, List<LabelledImage> images) {
        Map<String, List<LabelledImage>> byKey = new LinkedHashMap<>();
        images.forEach(
                image ->
                        byKey.computeIfAbsent(keys.get(image), key -> new ArrayList<>())
                                .add(image));
        return byKey.values().stream().filter(equal -> equal.size() > 1).toList();
    }

    /** File size in bytes; -1 if unknown, which reading reports. */
    private static long size(LabelledImage image) {
        try {
            return Files.size(image.file());
        } catch (IOException e) {
            return -1;
        }
    }

    /** Computes keys in parallel. */
    private static Map<LabelledImage, String> keys(
            Collection<LabelledImage> images, Function<LabelledImage, String> key) {
        List<Outcome> outcomes =
                images.stream().distinct().toList().parallelStream()
                        .map(image -> outcome(image, key))
                        .toList();
        Problems problems = new Problems("images to compare");
        outcomes.forEach(outcome -> outcome.problem().ifPresent(problems::add));
        problems.throwIfAny("replace these files or remove them from the dataset");
        return outcomes.stream().collect(Collectors.toMap(Outcome::image, Outcome::key));
    }

    private static Outcome outcome(LabelledImage image, Function<LabelledImage, String> key) {
        try {
            return new Outcome(image, key.apply(image), Optional.empty());
        } catch (UnreadableImageException e) {
            return new Outcome(image, "", Optional.of(image.id() + ": " + e.reason()));
        } catch (UncheckedIOException e) {
            return new Outcome(image, "", Optional.of(e.getMessage()));
        }
    }
}
