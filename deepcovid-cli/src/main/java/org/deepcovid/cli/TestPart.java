package org.deepcovid.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import picocli.CommandLine.Option;

/** Selects the images that a classifier is evaluated on. */
final class TestPart {

    enum Part {
        TRAIN,
        VAL,
        TEST,
        ALL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--part",
            paramLabel = "PART",
            description =
                    "images to use: ${COMPLETION-CANDIDATES}; all if DATA marks no parts"
                            + " (default ${DEFAULT-VALUE})")
    private Part part;

    TestPart() {
        this(Part.TEST);
    }

    TestPart(Part usual) {
        part = usual;
    }

    /**
     * A split whose test part is the wanted part, or all images if the test part is wanted and no
     * image is marked. Marked validation images stay validation images, for choosing a threshold.
     *
     * @throws IllegalArgumentException if there are none
     */
    DatasetSplit of(XrayDataset dataset) {
        boolean marked = dataset.images().stream().anyMatch(image -> image.part().isPresent());
        boolean all = part == Part.ALL || (part == Part.TEST && !marked);
        List<LabelledImage> chosen =
                all ? dataset.images() : images(dataset, SplitPart.parse(part.toString()).get());
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException(
                    "the part '%s' of %s has no images (another part: --part, all images: --part all)"
                            .formatted(part, dataset.root()));
        }
        List<LabelledImage> validation =
                all || part == Part.VAL ? List.of() : images(dataset, SplitPart.VALIDATION);
        return new DatasetSplit(dataset.labels(), List.of(), validation, chosen);
    }

    private static List<LabelledImage> images(XrayDataset dataset, SplitPart wanted) {
        return dataset.images().stream()
                .filter(image -> image.part().equals(Optional.of(wanted)))
                .toList();
    }
}
