package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Images that must stay in one part: of one patient, or linked by equal files. */
record PatientGroup(List<LabelledImage> images) {

    int count(Label label) {
        return (int) images.stream().filter(image -> image.label().equals(label)).count();
    }

    boolean has(Label label) {
        return count(label) > 0;
    }

    /** The label that a group with several is counted under: the positive one, the rarer. */
    Label stratum(LabelSet labels) {
        return labels.positiveFirst().stream().filter(this::has).findFirst().orElseThrow();
    }

    /** Groups in the order of their first image's id. */
    static List<PatientGroup> of(List<LabelledImage> images, Map<LabelledImage, String> hashes) {
        int[] parent = new int[images.size()];
        Map<String, Integer> firstOfPatient = new HashMap<>();
        Map<String, Integer> firstOfHash = new HashMap<>();
        for (int i = 0; i < parent.length; i++) {
            parent[i] = i;
            LabelledImage image = images.get(i);
            link(parent, i, firstOfPatient.putIfAbsent(image.patient(), i));
            link(parent, i, firstOfHash.putIfAbsent(hashes.get(image), i));
        }
        Map<Integer, List<LabelledImage>> byRoot = new TreeMap<>();
        for (int i = 0; i < parent.length; i++) {
            byRoot.computeIfAbsent(root(parent, i), r -> new ArrayList<>()).add(images.get(i));
        }
        Collection<List<LabelledImage>> groups = byRoot.values();
        return groups.stream().map(PatientGroup::new).toList();
    }

    /** Union-find with the smaller index as root, so that a set's root is its first image. */
    private static void link(int[] parent, int a, Integer b) {
        if (b != null) {
            int first = root(parent, a);
            int second = root(parent, b);
            parent[Math.max(first, second)] = Math.min(first, second);
        }
    }

    private static int root(int[] parent, int index) {
        int root = index;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }
}
