package org.deepcovid.eval.explain;

/**
 * Where the cells of a map lie in the square that the network sees: cell i is centred on {@code
 * first + i * step}, both ways. Places between centres are interpolated, places beyond the outer
 * centres take the outer cells' values.
 *
 * @param first centre of the first cell, in pixels from the square's edge; pixel i covers i to i +
 *     1
 * @param step distance between centres, in pixels, positive
 */
public record CellCentres(double first, double step) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if a component is not finite or the step is not positive
     */
    public CellCentres {
        if (!(Double.isFinite(first) && step > 0 && step < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "cells from %s in steps of %s; expected finite numbers, a positive step"
                            .formatted(first, step));
        }
    }

    /**
     * Cells that divide a square evenly.
     *
     * @param cells number of cells on a side, positive
     * @param size side of the square, in pixels
     * @return centres in the middle of the cells
     */
    public static CellCentres even(int cells, int size) {
        double step = (double) size / cells;
        return new CellCentres(step / 2, step);
    }

    /**
     * Centre of a cell.
     *
     * @param cell row or column
     * @return in pixels
     */
    public double of(int cell) {
        return first + cell * step;
    }

    /** The value at a place, interpolated between the four nearest centres. */
    double interpolate(EvidenceGrid grid, double x, double y) {
        double column = clamp((x - first) / step, grid.columns());
        double row = clamp((y - first) / step, grid.rows());
        int left = (int) column;
        int top = (int) row;
        int right = Math.min(left + 1, grid.columns() - 1);
        int bottom = Math.min(top + 1, grid.rows() - 1);
        double across = column - left;
        double upper = mix(grid.at(top, left), grid.at(top, right), across);
        double lower = mix(grid.at(bottom, left), grid.at(bottom, right), across);
        return mix(upper, lower, row - top);
    }

    private static double clamp(double position, int cells) {
        return Math.max(0, Math.min(cells - 1.0, position));
    }

    private static double mix(double a, double b, double share) {
        return a + share * (b - a);
    }
}
