package org.deepcovid.core.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Disjoint sets of groups that have every label each, found by backtracking. Groups with the same
 * labels are interchangeable, so that few cases are tried.
 */
final class DisjointCovers {

    /** Far more than data of less than ten labels need. */
    private static final int MOST_STEPS = 100_000;

    private final List<Label> rarestFirst;
    private final Map<Set<Label>, Deque<PatientGroup>> unused = new LinkedHashMap<>();
    private final List<List<PatientGroup>> covers = new ArrayList<>();
    private int steps;

    private DisjointCovers(LabelSet labels, List<PatientGroup> groups, int count) {
        for (PatientGroup group : groups) {
            Set<Label> own =
                    labels.labels().stream().filter(group::has).collect(Collectors.toSet());
            unused.computeIfAbsent(own, unseen -> new ArrayDeque<>()).add(group);
        }
        rarestFirst =
                labels.labels().stream()
                        .sorted(Comparator.comparingLong(this::groupsWith))
                        .toList();
        for (int i = 0; i < count; i++) {
            covers.add(new ArrayList<>());
        }
    }

    private long groupsWith(Label label) {
        return unused.entrySet().stream()
                .filter(kind -> kind.getKey().contains(label))
                .mapToLong(kind -> kind.getValue().size())
                .sum();
    }

    /** As many covers as wanted, or empty if there are not so many. */
    static Optional<List<List<PatientGroup>>> of(
            LabelSet labels, List<PatientGroup> groups, int count) {
        DisjointCovers search = new DisjointCovers(labels, groups, count);
        return search.complete() ? Optional.of(search.covers) : Optional.empty();
    }

    /** Adds a group for the first label that a cover lacks, and so on. */
    private boolean complete() {
        for (Label label : rarestFirst) {
            for (List<PatientGroup> cover : covers) {
                if (cover.stream().noneMatch(group -> group.has(label))) {
                    return completeWith(label, cover);
                }
            }
        }
        return true;
    }

    private boolean completeWith(Label label, List<PatientGroup> cover) {
        for (Map.Entry<Set<Label>, Deque<PatientGroup>> kind : unused.entrySet()) {
            if (!kind.getKey().contains(label) || kind.getValue().isEmpty()) {
                continue;
            }
            if (++steps > MOST_STEPS) {
                return false;
            }
            cover.add(kind.getValue().pop());
            if (complete()) {
                return true;
            }
            kind.getValue().push(cover.remove(cover.size() - 1));
        }
        return false;
    }
}
