package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.DatasetException;

/**
 * Divides a dataset by patient, stratified by class.
 *
 * <p>Parts given by the dataset are kept: no image is added to a given test or validation part.
 * Without a validation part, one is drawn from the training images, patient by patient. Without any
 * part, a test part is drawn first. Unmarked images of a dataset with parts are training images.
 * Equal images stay in one part: equal files, and once every image has been decoded, as by {@link
 * XrayDataset#verify()}, those with equal pixels. If there is a division in which every part has
 * every class, the split is one.
 *
 * @param seed seed of the random choice; equal seeds and datasets give equal splits
 * @param validationFraction fraction of the images outside test that validation receives, in (0, 1)
 * @param testFraction fraction of all images that a test part receives, in [0, 1); 0 for none
 */
public record PatientSplitter(long seed, double validationFraction, double testFraction) {

    /**
     * Checks the fractions.
     *
     * @throws IllegalArgumentException if a fraction is out of its range
     */
    public PatientSplitter {
        if (!(validationFraction > 0 && validationFraction < 1)) {
            throw new IllegalArgumentException(
                    "validationFraction is %s; expected more than 0 and less than 1"
                            .formatted(validationFraction));
        }
        if (!(testFraction >= 0 && testFraction < 1)) {
            throw new IllegalArgumentException(
                    "testFraction is %s; expected at least 0 and less than 1"
                            .formatted(testFraction));
        }
    }

    /**
     * A splitter with validation fraction 0.25 and test fraction 0.2.
     *
     * @param seed seed of the random choice
     * @return the splitter
     */
    public static PatientSplitter seeded(long seed) {
        return new PatientSplitter(seed, 0.25, 0.2);
    }

    /**
     * A copy with another validation fraction.
     *
     * @param fraction fraction of the images outside test, in (0, 1)
     */
    public PatientSplitter withValidationFraction(double fraction) {
        return new PatientSplitter(seed, fraction, testFraction);
    }

    /**
     * A copy with another test fraction, which is used only for datasets without parts.
     *
     * @param fraction fraction of all images, in [0, 1)
     */
    public PatientSplitter withTestFraction(double fraction) {
        return new PatientSplitter(seed, validationFraction, fraction);
    }

    /**
     * Splits a dataset.
     *
     * @param dataset images with or without parts
     * @return parts that share neither patients nor equal images, each sorted by id
     * @throws DatasetException if given parts share a patient or an image, equal images have
     *     different labels, or there are too few patients for every class in each part
     */
    public DatasetSplit split(XrayDataset dataset) {
        requireNonNull(dataset, "dataset is null");
        Map<LabelledImage, String> hashes = ContentHashes.withNearCopies(dataset.images());
        List<LabelledImage> pool = new ArrayList<>();
        List<LabelledImage> validation = new ArrayList<>();
        List<LabelledImage> test = new ArrayList<>();
        for (LabelledImage image : dataset.images()) {
            switch (image.part().orElse(SplitPart.TRAIN)) {
                case TRAIN -> pool.add(image);
                case VALIDATION -> validation.add(image);
                case TEST -> test.add(image);
            }
        }
        boolean marked = dataset.images().stream().anyMatch(image -> image.part().isPresent());
        if (!marked && testFraction > 0) {
            test =
                    take(
                            new StratifiedChoice("test", dataset.labels(), testFraction, seed, 2),
                            pool,
                            hashes);
        }
        if (validation.isEmpty()) {
            validation =
                    take(
                            new StratifiedChoice(
                                    "validation",
                                    dataset.labels(),
                                    validationFraction,
                                    seed + 1,
                                    1),
                            pool,
                            hashes);
        }
        DatasetSplit split =
                new DatasetSplit(dataset.labels(), pool, validation, test, dataset.layout());
        LeakGuard.requireSeparateContent(split.byPart(), hashes);
        return split;
    }

    /** Moves a stratified fraction of the pool's groups out of the pool. */
    private static List<LabelledImage> take(
            StratifiedChoice choice, List<LabelledImage> pool, Map<LabelledImage, String> hashes) {
        Set<LabelledImage> chosen = new HashSet<>(choice.choose(PatientGroup.of(pool, hashes)));
        pool.removeAll(chosen);
        return chosen.stream().sorted(Comparator.comparing(LabelledImage::id)).toList();
    }
}
