package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.deepcovid.core.CovidLabel;

/** Chooses whole groups so that about a given share of each class is chosen. */
final class StratifiedChoice {

    private final String name;
    private final double fraction;
    private final Random random;
    private final List<PatientGroup> chosen = new ArrayList<>();

    StratifiedChoice(String name, double fraction, long seed) {
        this.name = name;
        this.fraction = fraction;
        this.random = new Random(seed);
    }

    List<LabelledImage> choose(List<PatientGroup> groups) {
        List<PatientGroup> shuffled = new ArrayList<>(groups);
        Collections.shuffle(shuffled, random);
        requireEnough(shuffled);
        List<PatientGroup> withCovid = shuffled.stream().filter(g -> g.has(COVID)).toList();
        List<PatientGroup> without = shuffled.stream().filter(g -> !g.has(COVID)).toList();
        fill(withCovid, COVID, target(groups, COVID));
        fill(without, NON, target(groups, NON));
        return chosen.stream().flatMap(group -> group.images().stream()).toList();
    }

    private static final CovidLabel COVID = CovidLabel.COVID;
    private static final CovidLabel NON = CovidLabel.NON_COVID;

    private void requireEnough(List<PatientGroup> groups) {
        List<String> problems = new ArrayList<>();
        for (CovidLabel label : CovidLabel.values()) {
            long patients = groups.stream().filter(group -> group.has(label)).count();
            if (patients < 2) {
                problems.add(
                        "%d patients with %s images are left to take some for %s; expected at"
                                        .formatted(patients, label.folderName(), name)
                                + " least 2, so that both sides have some");
            }
        }
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "split",
                    problems,
                    "add patients, or mark the " + name + " images in a manifest yourself");
        }
    }

    private int target(List<PatientGroup> groups, CovidLabel label) {
        return (int) Math.max(1, Math.round(fraction * count(groups, label)));
    }

    private static int count(List<PatientGroup> groups, CovidLabel label) {
        return groups.stream().mapToInt(group -> group.count(label)).sum();
    }

    /** Takes groups that fit below the target; if none fits, the smallest. */
    private void fill(List<PatientGroup> candidates, CovidLabel label, int target) {
        int most = candidates.size() - 1;
        int taken = 0;
        for (PatientGroup group : candidates) {
            if (taken < most && count(chosen, label) + group.count(label) <= target) {
                chosen.add(group);
                taken++;
            }
        }
        if (count(chosen, label) == 0) {
            candidates.stream()
                    .min(Comparator.comparingInt(group -> group.count(label)))
                    .ifPresent(chosen::add);
        }
    }
}
