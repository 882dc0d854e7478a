package org.deepcovid.eval.explain;

import java.util.Arrays;
import java.util.Locale;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;

/** Evidence values on a grid of rows and columns. Immutable; all values are finite. */
public final class EvidenceGrid {

    private static final double CUTOFF = 3; // of the Gaussian, in standard deviations

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

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public double at(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException(
                    "row %d, column %d of a grid of %d x %d".formatted(row, column, rows, columns));
        }
        return values[row * columns + column];
    }

    /** A copy of all values, row by row from the top. */
    public double[] values() {
        return values.clone();
    }

    public double max() {
        return Arrays.stream(values).max().orElseThrow();
    }

    public double min() {
        return Arrays.stream(values).min().orElseThrow();
    }

    /** Cells that divide a square of S x S pixels evenly. */
    static CellCentres evenCells(int cells, int size) {
        double step = (double) size / cells;
        return new CellCentres(step / 2, step);
    }

    /**
     * The value at a pixel position, bilinear between the four nearest cells; beyond the outer
     * centres the outer cells' values continue.
     */
    double interpolate(CellCentres cells, double x, double y) {
        double column = clamp((x - cells.first()) / cells.step(), columns);
        double row = clamp((y - cells.first()) / cells.step(), rows);
        int left = (int) column;
        int top = (int) row;
        int right = Math.min(left + 1, columns - 1);
        int bottom = Math.min(top + 1, rows - 1);
        double across = column - left;
        double upper = mix(at(top, left), at(top, right), across);
        double lower = mix(at(bottom, left), at(bottom, right), across);
        return mix(upper, lower, row - top);
    }

    private static double clamp(double position, int cells) {
        return Math.max(0, Math.min(cells - 1.0, position));
    }

    private static double mix(double a, double b, double share) {
        return a + share * (b - a);
    }

    /**
     * Convolves with a Gaussian of a standard deviation in cells. At the border the kernel is cut
     * off and normalised again.
     */
    EvidenceGrid smoothed(double sigma) {
        double[] smooth = values.clone();
        for (int row = 0; row < rows; row++) {
            smoothLine(smooth, row * columns, 1, columns, sigma);
        }
        for (int column = 0; column < columns; column++) {
            smoothLine(smooth, column, columns, rows, sigma);
        }
        return new EvidenceGrid(rows, columns, smooth);
    }

    private static void smoothLine(double[] values, int start, int step, int length, double sigma) {
        double[] line = new double[length];
        for (int i = 0; i < length; i++) {
            line[i] = values[start + i * step];
        }
        int reach = (int) Math.ceil(CUTOFF * sigma);
        for (int i = 0; i < length; i++) {
            double sum = 0;
            double weights = 0;
            for (int j = Math.max(0, i - reach); j <= Math.min(length - 1, i + reach); j++) {
                double distance = (j - i) / sigma;
                double weight = Math.exp(-distance * distance / 2);
                sum += weight * line[j];
                weights += weight;
            }
            values[start + i * step] = sum / weights;
        }
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
