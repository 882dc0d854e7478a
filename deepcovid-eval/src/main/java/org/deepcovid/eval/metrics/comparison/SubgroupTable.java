package org.deepcovid.eval.metrics.comparison;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Rates and areas of groups of cases, such as sexes, age bands, projections or sources. Many groups
 * of few cases differ by chance alone: look at the intervals, and at {@link Row#small()}.
 *
 * @param rows by group name
 */
public record SubgroupTable(List<Row> rows) {

    /** Groups with fewer cases of a class than this are small where no number is given. */
    public static final int DEFAULT_MINIMUM = 10;

    public SubgroupTable {
        rows = List.copyOf(rows);
    }

    /**
     * One group.
     *
     * @param group its name
     * @param rates counts and rates at the threshold, with 95 % Wilson intervals
     * @param auc area with 95 % interval; empty if a class is absent
     * @param small whether either class has fewer cases than the minimum
     */
    public record Row(String group, BinaryRates rates, Optional<AucEstimate> auc, boolean small) {}

    /**
     * Splits the cases by an attribute.
     *
     * @param labels the cases
     * @param groupOfRow the value of the attribute of every row, none blank; name what is missing,
     *     such as "unknown"
     * @param threshold one for all groups; a score of at least this is a positive call
     * @param minimumOfEachClass groups with fewer positive or fewer negative cases are marked small
     * @return one row per group
     * @throws IllegalArgumentException if groups and cases differ in number, a group is blank, or
     *     the threshold is NaN
     */
    public static SubgroupTable of(
            ScoredLabels labels,
            List<String> groupOfRow,
            double threshold,
            int minimumOfEachClass) {
        List<Row> rows =
                rowsOfGroup(labels, groupOfRow).entrySet().stream()
                        .map(
                                group ->
                                        row(
                                                group.getKey(),
                                                labels.where(group.getValue()::get).orElseThrow(),
                                                threshold,
                                                minimumOfEachClass))
                        .toList();
        return new SubgroupTable(rows);
    }

    /**
     * As {@link #of(ScoredLabels, List, double, int)}, with {@value #DEFAULT_MINIMUM} cases of each
     * class as the minimum.
     *
     * @param labels the cases
     * @param groupOfRow the value of the attribute of every row, none blank
     * @param threshold one for all groups; a score of at least this is a positive call
     * @return one row per group
     * @throws IllegalArgumentException if groups and cases differ in number, a group is blank, or
     *     the threshold is NaN
     */
    public static SubgroupTable of(ScoredLabels labels, List<String> groupOfRow, double threshold) {
        return of(labels, groupOfRow, threshold, DEFAULT_MINIMUM);
    }

    private static Map<String, BitSet> rowsOfGroup(ScoredLabels labels, List<String> groupOfRow) {
        if (groupOfRow.size() != labels.size()) {
            throw new IllegalArgumentException(
                    "%d groups but %d cases; expected one group per case"
                            .formatted(groupOfRow.size(), labels.size()));
        }
        Map<String, BitSet> rows = new TreeMap<>();
        int row = 0;
        for (String group : groupOfRow) {
            if (group == null || group.isBlank()) {
                throw new IllegalArgumentException(
                        "the group of row %d is %s; expected a name, such as 'unknown'"
                                .formatted(row, group == null ? "null" : "blank"));
            }
            rows.computeIfAbsent(group, unseen -> new BitSet()).set(row++);
        }
        return rows;
    }

    private static Row row(String group, ScoredLabels cases, double threshold, int minimum) {
        Optional<AucEstimate> auc =
                cases.positives() == 0 || cases.negatives() == 0
                        ? Optional.empty()
                        : Optional.of(RocCurve.of(cases).aucEstimate());
        return new Row(
                group,
                BinaryRates.of(ConfusionMatrix.at(cases, threshold)),
                auc,
                Math.min(cases.positives(), cases.negatives()) < minimum);
    }
}
