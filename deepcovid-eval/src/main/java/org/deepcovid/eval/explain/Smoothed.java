package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.image.RasterImage;

/**
 * Another method's map, smoothed by a bell-shaped window. A single cell that sticks out, at a
 * letter or an edge, then weighs less than an area where many cells agree. At the border the window
 * is cut off and its weights are brought back to a sum of one.
 *
 * @param method makes the map
 * @param sigma standard deviation of the bell, in cells of the map, positive
 */
public record Smoothed(HeatmapMethod method, double sigma) implements HeatmapMethod {

    private static final double REACH = 3; // standard deviations

    /**
     * Checks the components.
     *
     * @throws NullPointerException if the method is null
     * @throws IllegalArgumentException if sigma is not a positive finite number
     */
    public Smoothed {
        requireNonNull(method, "method is null");
        if (!(sigma > 0 && sigma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "sigma is %s; expected a positive number of cells".formatted(sigma));
        }
    }

    @Override
    public String title() {
        return "%s, smoothed %s".formatted(method.title(), HeatmapFigure.number(sigma));
    }

    @Override
    public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
        Heatmap map = method.explain(model, image, label);
        return new Heatmap(
                title(),
                map.label(),
                map.score(),
                smooth(map.raw()),
                map.unit(),
                map.cells(),
                map.placement());
    }

    EvidenceGrid smooth(EvidenceGrid grid) {
        int rows = grid.rows();
        int columns = grid.columns();
        double[] across = grid.values();
        for (int row = 0; row < rows; row++) {
            line(across, row * columns, 1, columns);
        }
        for (int column = 0; column < columns; column++) {
            line(across, column, columns, rows);
        }
        return new EvidenceGrid(rows, columns, across);
    }

    private void line(double[] values, int start, int step, int length) {
        double[] line = new double[length];
        for (int i = 0; i < length; i++) {
            line[i] = values[start + i * step];
        }
        int reach = (int) Math.ceil(REACH * sigma);
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
}
