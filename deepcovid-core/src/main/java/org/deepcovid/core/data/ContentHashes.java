package org.deepcovid.core.data;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checksums of many files. */
final class ContentHashes {

    private ContentHashes() {}

    private record Outcome(LabelledImage image, String hash, Optional<String> problem) {}

    /** Reads every file once, in parallel; images given twice are read once. */
    static Map<LabelledImage, String> of(List<LabelledImage> images) {
        List<Outcome> outcomes =
                images.stream().distinct().toList().parallelStream()
                        .map(ContentHashes::hash)
                        .toList();
        Problems problems = new Problems("files to compare");
        outcomes.forEach(outcome -> outcome.problem().ifPresent(problems::add));
        problems.throwIfAny("make every file readable");
        return outcomes.stream().collect(Collectors.toMap(Outcome::image, Outcome::hash));
    }

    private static Outcome hash(LabelledImage image) {
        try {
            return new Outcome(image, image.sha256(), Optional.empty());
        } catch (UncheckedIOException e) {
            return new Outcome(image, "", Optional.of(e.getMessage()));
        }
    }
}
