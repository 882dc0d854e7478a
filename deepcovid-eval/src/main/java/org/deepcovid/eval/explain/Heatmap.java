package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.Radiograph;

/**
 * Evidence for a label at each place of an image, by one method. Evidence of a model, never a
 * diagnosis.
 *
 * @param method name of the method, such as {@code "Grad-CAM"}
 * @param label the explained label
 * @param score the model's probability for that label, in [0, 1]
 * @param raw values as the method gives them, unscaled; positive speaks for the label
 * @param unit what the values measure
 * @param cells positions of the grid's cells in the network's input
 * @param placement position of the network's input in the image
 */
public record Heatmap(
        String method,
        String label,
        double score,
        EvidenceGrid raw,
        EvidenceUnit unit,
        CellCentres cells,
        CropPlacement placement) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the score is not in [0, 1]
     */
    public Heatmap {
        requireNonNull(method, "method is null");
        requireNonNull(label, "label is null");
        requireNonNull(raw, "raw is null");
        requireNonNull(unit, "unit is null");
        requireNonNull(cells, "cells is null");
        requireNonNull(placement, "placement is null");
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException(
                    "score of %s is %s; expected [0, 1]".formatted(label, score));
        }
    }

    /**
     * Explains the score of {@link Label#COVID} for one image. CAM uses the classifier's engine and
     * costs about as much as a prediction; methods that need gradients build the DL4J graph. For
     * many images with such a method, make an {@link ExplainedModel} once.
     *
     * @param classifier stays open
     * @param radiograph the image
     * @param method such as {@link HeatmapMethod#cam()}
     * @return the map, with raw values
     * @throws org.deepcovid.core.image.UnreadableImageException if the image cannot be read
     * @throws IllegalArgumentException if a layer that the method names does not exist, or the
     *     network's input is too small for the method
     * @throws IllegalStateException if the network's activations or gradients are not finite
     */
    public static Heatmap of(
            CovidClassifier classifier, Radiograph radiograph, HeatmapMethod method) {
        return of(classifier, radiograph, Label.COVID, method);
    }

    /**
     * Explains the score of a label for one image.
     *
     * @param classifier stays open
     * @param radiograph the image
     * @param label label to explain, not necessarily the likeliest
     * @param method such as {@link HeatmapMethod#cam()}
     * @return the map, with raw values
     * @throws org.deepcovid.core.image.UnreadableImageException if the image cannot be read
     * @throws IllegalArgumentException as above
     * @throws IllegalStateException as above
     */
    public static Heatmap of(
            CovidClassifier classifier, Radiograph radiograph, Label label, HeatmapMethod method) {
        try (ExplainedModel model = ExplainedModel.of(classifier)) {
            return method.explain(model, radiograph.decode(), label.name());
        }
    }

    /** A pixel of the image. */
    record Pixel(int x, int y) {}

    /**
     * The map for every pixel of the network's input.
     *
     * @return S x S raw values, interpolated
     */
    public EvidenceGrid onInput() {
        int size = placement.inputSize();
        double[] values = new double[size * size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                values[y * size + x] = cells.interpolate(raw, x + 0.5, y + 0.5);
            }
        }
        return new EvidenceGrid(size, size, values);
    }

    /**
     * Evidence at a pixel of the image.
     *
     * @param x column
     * @param y row
     * @return raw value, interpolated; empty where the crop left the image out
     */
    public OptionalDouble at(int x, int y) {
        if (!placement.covers(x, y)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(valueAt(x, y));
    }

    /** Evidence at a pixel that the crop covers. */
    double valueAt(int x, int y) {
        return cells.interpolate(raw, placement.cropX(x + 0.5), placement.cropY(y + 0.5));
    }

    /** The pixel of the image under the largest value; of several equal ones, a central one. */
    Pixel hottest() {
        double max = raw.max();
        List<Cell> cells = new ArrayList<>();
        for (int row = 0; row < raw.rows(); row++) {
            for (int column = 0; column < raw.columns(); column++) {
                if (raw.at(row, column) == max) {
                    cells.add(new Cell(row, column));
                }
            }
        }
        double row = cells.stream().mapToInt(Cell::row).average().orElseThrow();
        double column = cells.stream().mapToInt(Cell::column).average().orElseThrow();
        Cell central =
                cells.stream()
                        .min(Comparator.comparingDouble(cell -> cell.distance(row, column)))
                        .orElseThrow();
        return pixel(central.row(), central.column());
    }

    private record Cell(int row, int column) {
        double distance(double toRow, double toColumn) {
            return Math.hypot(row - toRow, column - toColumn);
        }
    }

    private Pixel pixel(int row, int column) {
        double x = clampToInput(cells.of(column));
        double y = clampToInput(cells.of(row));
        return new Pixel(
                Math.min(placement.imageWidth() - 1, (int) placement.imageX(x)),
                Math.min(placement.imageHeight() - 1, (int) placement.imageY(y)));
    }

    private double clampToInput(double place) {
        return Math.max(0, Math.min(placement.inputSize() - 0.5, place));
    }
}
