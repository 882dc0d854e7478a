package org.deepcovid.eval.explain;

import java.util.Arrays;
import java.util.Locale;

/** Evidence values on a grid of rows and columns. Immutable; all values are finite. */
public final class EvidenceGrid {

    private final int rows;
    private final int columns;
    private final double[] values;

    /**
     * Copies values.
     *
     * @param rows positive
     * @param columns positive
     * @param values row by row from the top
     * @throws IllegalArgumentException if the number of values does not fit or one is not finite
     */
    public EvidenceGrid(int rows, int columns, double[] values) {
        if (rows <= 0 || columns <= 0 || values.length != (long) rows * columns) {
            throw new IllegalArgumentException(
                    "%d values for %d rows and %d columns; expected rows times columns"
                            .formatted(values.length, rows, columns));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "evidence at row %d, column %d is %s; expected a finite number"
                                .formatted(i / columns, i % columns, values[i]));
            }
        }
        this.rows = rows;
        this.columns = columns;
        this.values = values.clone();
    }

    /**
     * Number of rows.
     *
     * @return positive
     */
    public int rows() {
        return rows;
    }

    /**
     * Number of columns.
     *
     * @return positive
     */
    public int columns() {
        return columns;
    }

    /**
     * One value.
     *
     * @param row from the top
     * @param column from the left
     * @return a finite number
     * @throws IndexOutOfBoundsException if there is no such cell
     */
    public double at(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException(
                    "row %d, column %d of a grid of %d x %d".formatted(row, column, rows, columns));
        }
        return values[row * columns + column];
    }

    /**
     * All values.
     *
     * @return a copy, row by row from the top
     */
    public double[] values() {
        return values.clone();
    }

    /**
     * The largest value.
     *
     * @return a finite number
     */
    public double max() {
        return Arrays.stream(values).max().orElseThrow();
    }

    /**
     * The smallest value.
     *
     * @return a finite number
     */
    public double min() {
        return Arrays.stream(values).min().orElseThrow();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EvidenceGrid grid
                && rows == grid.rows
                && columns == grid.columns
                && Arrays.equals(values, grid.values);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * rows + columns) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d x %d values from %.4g to %.4g", rows, columns, min(), max());
    }
}
