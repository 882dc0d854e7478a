package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deepcovid.core.DatasetException;

/** A dataset of text files: splitters compare bytes and decode nothing. */
final class TextDataset {

    private final Path root;
    final List<LabelledImage> images = new ArrayList<>();

    TextDataset(Path root) {
        this.root = root;
    }

    /** Adds images of one patient with different contents. */
    void add(int count, Label label, String patient, SplitPart part) {
        for (int i = 0; i < count; i++) {
            String id = "%s-%s-%03d".formatted(patient, label.name(), images.size());
            add(id, id, label, patient, part);
        }
    }

    /** Adds an image; the part may be null. */
    void add(String id, String content, Label label, String patient, SplitPart part) {
        try {
            Path file = Files.writeString(root.resolve(id), content);
            Optional<SplitPart> assigned = Optional.ofNullable(part);
            images.add(new LabelledImage(id, file, label, patient, assigned, Map.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    XrayDataset dataset() {
        return new XrayDataset(root, images);
    }

    static long count(List<LabelledImage> images, Label label) {
        return images.stream().filter(image -> image.label().equals(label)).count();
    }

    static Set<String> patients(List<LabelledImage> images) {
        return images.stream().map(LabelledImage::patient).collect(Collectors.toSet());
    }

    static List<String> ids(XrayDataset dataset) {
        return dataset.images().stream().map(LabelledImage::id).toList();
    }

    /** The problems that a call reports. */
    static List<String> problems(ThrowingCallable call) {
        return catchThrowableOfType(DatasetException.class, call).problems();
    }
}
