package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Divides images into folds for cross-fitting. A patient's images, and files that are byte for byte
 * equal, stay together; each class is spread over the folds as evenly as that allows.
 */
public final class PatientFolds {

    private PatientFolds() {}

    /**
     * Divides images. Every file is read once, to find equal ones.
     *
     * @param images at least one
     * @param most how many folds to make, at least 2; fewer are made where a class has fewer
     *     patients, so that each fold has some of both classes
     * @param seed the same seed and images give the same folds
     * @return folds that share nothing, each in the order of the images; empty if a class has fewer
     *     than two patients
     * @throws org.deepcovid.core.DatasetException if a file cannot be read; names all of them
     * @throws IllegalArgumentException if fewer than 2 folds are asked for
     */
    public static List<List<LabelledImage>> of(List<LabelledImage> images, int most, long seed) {
        if (most < 2) {
            throw new IllegalArgumentException(
                    "%d folds were asked for; expected at least 2".formatted(most));
        }
        List<PatientGroup> groups =
                new ArrayList<>(PatientGroup.of(images, ContentHashes.of(images)));
        Collections.shuffle(groups, new Random(seed));
        int folds = most;
        for (Label label : LabelSet.COVID.labels()) {
            folds = (int) Math.min(folds, groups.stream().filter(g -> g.has(label)).count());
        }
        return folds < 2 ? List.of() : inOrderOf(images, spread(groups, folds));
    }

    /** Gives group after group, the largest first, to the fold that has least of its class. */
    private static List<List<LabelledImage>> spread(List<PatientGroup> groups, int count) {
        List<List<LabelledImage>> folds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            folds.add(new ArrayList<>());
        }
        for (Label label : List.of(Label.COVID, Label.NON_COVID)) {
            groups.stream()
                    .filter(group -> leading(group).equals(label))
                    .sorted(Comparator.comparingInt(group -> -group.count(label)))
                    .forEach(group -> emptiest(folds, label).addAll(group.images()));
        }
        return folds;
    }

    /** Groups with positive images are placed by these, the rarer ones. */
    private static Label leading(PatientGroup group) {
        return group.has(Label.COVID) ? Label.COVID : Label.NON_COVID;
    }

    private static List<LabelledImage> emptiest(List<List<LabelledImage>> folds, Label label) {
        return folds.stream()
                .min(
                        Comparator.comparingLong(
                                fold -> fold.stream().filter(i -> i.label().equals(label)).count()))
                .orElseThrow();
    }

    private static List<List<LabelledImage>> inOrderOf(
            List<LabelledImage> images, List<List<LabelledImage>> folds) {
        return folds.stream().map(fold -> images.stream().filter(fold::contains).toList()).toList();
    }
}
