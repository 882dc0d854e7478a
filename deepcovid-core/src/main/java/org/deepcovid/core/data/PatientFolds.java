package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Divides images into stratified folds by patient, for cross-fitting. Images of a patient, and
 * equal images as {@link PatientSplitter} finds them, stay in one fold.
 */
public final class PatientFolds {

    private PatientFolds() {}

    /**
     * Divides images.
     *
     * @param labels of the images
     * @param images at least one
     * @param maxFolds number of folds, at least 2; fewer if the patients cannot be divided so that
     *     each fold has every class
     * @param seed equal seeds and images give equal folds
     * @return disjoint folds, each in the order of the images; empty if there are no two folds with
     *     every class
     * @throws org.deepcovid.core.DatasetException if a file cannot be read; names all of them
     * @throws IllegalArgumentException if {@code maxFolds} is less than 2
     */
    public static List<List<LabelledImage>> of(
            LabelSet labels, List<LabelledImage> images, int maxFolds, long seed) {
        return of(labels, images, maxFolds, seed, ContentHashes.of(images));
    }

    private static List<List<LabelledImage>> of(
            LabelSet labels,
            List<LabelledImage> images,
            int maxFolds,
            long seed,
            Map<LabelledImage, String> hashes) {
        if (maxFolds < 2) {
            throw new IllegalArgumentException(
                    "maxFolds is %d; expected at least 2".formatted(maxFolds));
        }
        List<PatientGroup> groups = new ArrayList<>(PatientGroup.of(images, hashes));
        Collections.shuffle(groups, new Random(seed));
        int most = maxFolds;
        for (Label label : labels.labels()) {
            most = (int) Math.min(most, groups.stream().filter(g -> g.has(label)).count());
        }
        for (int count = most; count >= 2; count--) {
            List<List<LabelledImage>> folds =
                    spread(labels, groups, Collections.nCopies(count, List.of()));
            if (!haveEveryLabel(labels, folds)) {
                folds =
                        DisjointCovers.of(labels, groups, count)
                                .map(covers -> spread(labels, groups, covers))
                                .orElse(List.of());
            }
            if (!folds.isEmpty()) {
                return inOrderOf(images, folds);
            }
        }
        return List.of();
    }

    private static boolean haveEveryLabel(LabelSet labels, List<List<LabelledImage>> folds) {
        return folds.stream()
                .allMatch(fold -> labels.labels().stream().allMatch(new PatientGroup(fold)::has));
    }

    /**
     * As {@link #of}, with exactly this number of folds; near copies, too, stay in one fold if
     * every image was decoded before.
     *
     * @throws IllegalArgumentException if a label has fewer patients, or {@code count} is less than
     *     2
     */
    public static List<List<LabelledImage>> exactly(
            LabelSet labels, List<LabelledImage> images, int count, long seed) {
        List<List<LabelledImage>> folds =
                of(labels, images, count, seed, ContentHashes.withNearCopies(images));
        if (folds.size() < count) {
            throw new IllegalArgumentException(
                    ("%d folds of %d images, and a label has fewer patients; expected at most the"
                                    + " number of patients of the rarest label")
                            .formatted(count, images.size()));
        }
        return folds;
    }

    /**
     * Adds groups, the largest first, to the fold with the fewest images of their class.
     *
     * @param start groups that each fold begins with
     */
    private static List<List<LabelledImage>> spread(
            LabelSet labels, List<PatientGroup> groups, List<List<PatientGroup>> start) {
        Set<PatientGroup> used = new HashSet<>();
        List<List<LabelledImage>> folds = new ArrayList<>();
        for (List<PatientGroup> first : start) {
            folds.add(new ArrayList<>());
            first.forEach(group -> folds.get(folds.size() - 1).addAll(group.images()));
            used.addAll(first);
        }
        for (Label label : labels.positiveFirst()) {
            int[] sizes =
                    folds.stream().mapToInt(fold -> new PatientGroup(fold).count(label)).toArray();
            groups.stream()
                    .filter(group -> !used.contains(group))
                    .filter(group -> group.stratum(labels).equals(label))
                    .sorted(Comparator.comparingInt(group -> -group.count(label)))
                    .forEach(
                            group -> {
                                int smallest = smallest(sizes);
                                folds.get(smallest).addAll(group.images());
                                sizes[smallest] += group.count(label);
                            });
        }
        return folds;
    }

    /** Index of the first of the smallest numbers. */
    private static int smallest(int[] sizes) {
        int smallest = 0;
        for (int i = 1; i < sizes.length; i++) {
            smallest = sizes[i] < sizes[smallest] ? i : smallest;
        }
        return smallest;
    }

    private static List<List<LabelledImage>> inOrderOf(
            List<LabelledImage> images, List<List<LabelledImage>> folds) {
        return folds.stream()
                .map(HashSet::new)
                .map(fold -> images.stream().filter(fold::contains).toList())
                .toList();
    }
}
