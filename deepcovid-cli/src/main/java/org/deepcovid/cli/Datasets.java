package org.deepcovid.cli;

import java.util.List;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;

/** Parts of datasets that are not to be fitted to. */
final class Datasets {

    /** Which images a classifier is tried on. */
    enum Part {
        TRAIN,
        VAL,
        TEST,
        ALL;

        /** What the command line takes. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private Datasets() {}

    static int covid(List<LabelledImage> images) {
        return (int) images.stream().filter(i -> i.label().equals(Label.COVID)).count();
    }

    /**
     * A split whose test part are the wanted images; where test images are wanted and no image is
     * marked, all. Images marked validation stay that, so that a threshold can be chosen on them.
     *
     * @throws IllegalArgumentException if there are none, or of one class only
     */
    static DatasetSplit toTest(XrayDataset dataset, Part wanted) {
        boolean marked = dataset.images().stream().anyMatch(image -> image.part().isPresent());
        boolean all = wanted == Part.ALL || (wanted == Part.TEST && !marked);
        List<LabelledImage> chosen =
                all ? dataset.images() : part(dataset, SplitPart.parse(wanted.toString()).get());
        if (covid(chosen) == 0 || covid(chosen) == chosen.size()) {
            throw new IllegalArgumentException(
                    ("the part '%s' of %s has %d images, %d of them covid; expected some of both"
                                    + " classes (another part: --part, all images: --part all)")
                            .formatted(wanted, dataset.root(), chosen.size(), covid(chosen)));
        }
        List<LabelledImage> validation =
                all || wanted == Part.VAL ? List.of() : part(dataset, SplitPart.VALIDATION);
        return new DatasetSplit(List.of(), validation, chosen);
    }

    private static List<LabelledImage> part(XrayDataset dataset, SplitPart part) {
        return dataset.images().stream()
                .filter(image -> image.part().equals(java.util.Optional.of(part)))
                .toList();
    }
}
