package org.deepcovid.eval.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The share of pairs of a positive and a negative case of the same group in which the positive one
 * scores higher, ties counted half: the area under the ROC curve, stratified by group, each group
 * weighted by its number of pairs.
 */
final class WithinGroupAuc {

    private final ScoredLabels labels;
    private final List<String> groups;
    private final int[] order;

    WithinGroupAuc(ScoredLabels labels, List<String> groups) {
        if (groups.size() != labels.size()) {
            throw new IllegalArgumentException(
                    "%d groups but %d cases; expected one group per case"
                            .formatted(groups.size(), labels.size()));
        }
        this.labels = labels;
        this.groups = groups;
        this.order =
                IntStream.range(0, labels.size())
                        .boxed()
                        .sorted(
                                Comparator.comparing((Integer row) -> groups.get(row))
                                        .thenComparing(labels::score))
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    /** The area of weighted rows; empty if no group holds both classes. */
    OptionalDouble of(int[] weights) {
        long twiceWins = 0;
        long pairs = 0;
        for (int from = 0; from < order.length; ) {
            String group = groups.get(order[from]);
            long positives = 0;
            long negatives = 0;
            while (from < order.length && groups.get(order[from]).equals(group)) {
                double score = labels.score(order[from]);
                long tiedPositives = 0;
                long tiedNegatives = 0;
                for (; isTied(from, group, score); from++) {
                    if (labels.isPositive(order[from])) {
                        tiedPositives += weights[order[from]];
                    } else {
                        tiedNegatives += weights[order[from]];
                    }
                }
                twiceWins += tiedPositives * (2 * negatives + tiedNegatives);
                positives += tiedPositives;
                negatives += tiedNegatives;
            }
            pairs += positives * negatives;
        }
        return pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(twiceWins / (2.0 * pairs));
    }

    private boolean isTied(int at, String group, double score) {
        return at < order.length
                && groups.get(order[at]).equals(group)
                && labels.score(order[at]) == score;
    }
}
