package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.deepcovid.core.DatasetException;

/** Chooses whole groups until about a given fraction of each class is chosen. */
final class StratifiedChoice {

    private final String name;
    private final LabelSet labels;
    private final double fraction;
    private final Random random;
    private final int restParts;
    private final List<PatientGroup> chosen = new ArrayList<>();

    /**
     * @param restParts number of parts that the groups left over are divided into
     */
    StratifiedChoice(String name, LabelSet labels, double fraction, long seed, int restParts) {
        this.name = name;
        this.labels = labels;
        this.fraction = fraction;
        this.random = new Random(seed);
        this.restParts = restParts;
    }

    List<LabelledImage> choose(List<PatientGroup> groups) {
        List<PatientGroup> shuffled = new ArrayList<>(groups);
        Collections.shuffle(shuffled, random);
        requireEnough(shuffled);
        fill(shuffled, groups);
        boolean valid =
                labels.labels().stream().allMatch(label -> count(chosen, label) > 0)
                        && DisjointCovers.of(labels, without(chosen, groups), restParts)
                                .isPresent();
        if (!valid) {
            DisjointCovers.of(labels, shuffled, 1 + restParts)
                    .ifPresent(covers -> fillBeside(covers, shuffled, groups));
        }
        return chosen.stream().flatMap(group -> group.images().stream()).toList();
    }

    /** Takes the first cover, and more of the groups that none of the covers needs. */
    private void fillBeside(
            List<List<PatientGroup>> covers,
            List<PatientGroup> shuffled,
            List<PatientGroup> groups) {
        chosen.clear();
        chosen.addAll(covers.get(0));
        List<PatientGroup> needed = covers.stream().flatMap(List::stream).toList();
        fill(without(needed, shuffled), groups);
    }

    private static List<PatientGroup> without(List<PatientGroup> some, List<PatientGroup> groups) {
        Set<PatientGroup> left = new HashSet<>(some);
        return groups.stream().filter(group -> !left.contains(group)).toList();
    }

    private void fill(List<PatientGroup> candidates, List<PatientGroup> groups) {
        for (Label label : labels.positiveFirst()) {
            fill(
                    candidates.stream()
                            .filter(group -> group.stratum(labels).equals(label))
                            .toList(),
                    label,
                    groups);
        }
    }

    private void requireEnough(List<PatientGroup> groups) {
        List<String> problems = new ArrayList<>();
        for (Label label : labels.labels()) {
            long patients = groups.stream().filter(group -> group.has(label)).count();
            if (patients < 2) {
                problems.add(
                        "%d patients with %s images are left to choose the %s part from; expected at"
                                        .formatted(patients, label.name(), name)
                                + " least 2, so that both parts have some");
            }
        }
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "split",
                    problems,
                    "add patients, or mark the " + name + " images in a manifest yourself");
        }
    }

    /** Takes candidates that fit below the target, but never all; if none fits, the smallest. */
    private void fill(List<PatientGroup> candidates, Label label, List<PatientGroup> groups) {
        long target = Math.round(fraction * count(groups, label));
        int left = candidates.size();
        int taken = count(chosen, label);
        for (PatientGroup group : candidates) {
            if (left > 1 && taken + group.count(label) <= target) {
                chosen.add(group);
                taken += group.count(label);
                left--;
            }
        }
        if (taken == 0) {
            chosen.add(smallest(candidates.isEmpty() ? groups : candidates, label));
        }
    }

    private PatientGroup smallest(List<PatientGroup> candidates, Label label) {
        return candidates.stream()
                .filter(group -> group.has(label) && !chosen.contains(group))
                .min(Comparator.comparingInt(group -> group.count(label)))
                .orElseThrow();
    }

    private static int count(List<PatientGroup> groups, Label label) {
        return groups.stream().mapToInt(group -> group.count(label)).sum();
    }
}
