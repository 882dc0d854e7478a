package org.deepcovid.core.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keys of file contents: equal exactly for files that are byte for byte equal. Only files whose
 * size is not unique are read.
 */
final class ContentHashes {

    private ContentHashes() {}

    private record Outcome(LabelledImage image, String key, Optional<String> problem) {}

    /** Keys by image; files of equal size are read once, in parallel. */
    static Map<LabelledImage, String> of(List<LabelledImage> images) {
        List<LabelledImage> distinct = images.stream().distinct().toList();
        Map<Long, Integer> filesOfSize = new HashMap<>();
        distinct.forEach(image -> filesOfSize.merge(size(image), 1, Integer::sum));
        List<Outcome> outcomes =
                distinct.parallelStream()
                        .map(image -> key(image, filesOfSize.get(size(image)) > 1))
                        .toList();
        Problems problems = new Problems("files to compare");
        outcomes.forEach(outcome -> outcome.problem().ifPresent(problems::add));
        problems.throwIfAny("make every file readable");
        return outcomes.stream().collect(Collectors.toMap(Outcome::image, Outcome::key));
    }

    /** File size in bytes; -1 if unknown, which {@link #key} reports. */
    private static long size(LabelledImage image) {
        try {
            return Files.size(image.file());
        } catch (IOException e) {
            return -1;
        }
    }

    private static Outcome key(LabelledImage image, boolean sizeIsShared) {
        try {
            long size = size(image);
            boolean read = sizeIsShared || size < 0;
            return new Outcome(image, read ? image.sha256() : size + " bytes", Optional.empty());
        } catch (UncheckedIOException e) {
            return new Outcome(image, "", Optional.of(e.getMessage()));
        }
    }
}
