package org.deepcovid.eval.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which rows belong together, such as the images of one patient. Images of a patient resemble each
 * other; intervals that take them for independent cases are too narrow.
 */
public final class Clusters {

    private final int[] clusterOfRow;
    private final int count;

    private Clusters(int[] clusterOfRow, int count) {
        this.clusterOfRow = clusterOfRow;
        this.count = count;
    }

    /**
     * Groups rows by a name.
     *
     * @param names such as the patient of every row, in the order of the rows
     * @return one cluster per distinct name
     * @throws NullPointerException if a name is null, with its row
     */
    public static Clusters byName(List<String> names) {
        requireRows(names.size());
        Map<String, Integer> numbers = new HashMap<>();
        int[] clusterOfRow = new int[names.size()];
        int row = 0;
        for (String name : names) {
            int current = row;
            Objects.requireNonNull(name, () -> "the cluster of row " + current + " is null");
            clusterOfRow[row++] = numbers.computeIfAbsent(name, unseen -> numbers.size());
        }
        return new Clusters(clusterOfRow, numbers.size());
    }

    /**
     * Every row by itself.
     *
     * @param rows at least 1
     * @return as many clusters as rows
     */
    public static Clusters singletons(int rows) {
        requireRows(rows);
        return new Clusters(IntStream.range(0, rows).toArray(), rows);
    }

    /** Number of rows, at least 1. */
    public int rows() {
        return clusterOfRow.length;
    }

    /** Number of clusters, 1 to {@link #rows()}. */
    public int count() {
        return count;
    }

    /**
     * Number of clusters with at least one of some rows.
     *
     * @param wanted called with each row index from 0
     */
    public int countWhere(IntPredicate wanted) {
        return (int) IntStream.range(0, rows()).filter(wanted).map(this::of).distinct().count();
    }

    int of(int row) {
        return clusterOfRow[row];
    }

    private static void requireRows(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException(
                    "there are %d rows; expected at least one".formatted(rows));
        }
    }

    @Override
    public String toString() {
        return "Clusters[%d of %d rows]".formatted(count, rows());
    }
}
