package org.deepcovid.core.data;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checksums of many files. */
final class ContentHashes {

    private ContentHashes() {}

    /** Reads every file once, in parallel; images given twice are read once. */
    static Map<LabelledImage, String> of(List<LabelledImage> images) {
        List<LabelledImage> distinct = images.stream().distinct().toList();
        try {
            return distinct.parallelStream()
                    .collect(Collectors.toMap(image -> image, LabelledImage::sha256));
        } catch (UncheckedIOException e) {
            throw new DatasetException(
                    "files to compare", List.of(e.getMessage()), "make every file readable");
        }
    }
}
