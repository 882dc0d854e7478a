package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;

/**
 * Evidence for a label at each place of an image, by one method. Evidence of a model, never a
 * diagnosis.
 *
 * @param method name of the method, such as {@code "Grad-CAM"}
 * @param label the explained label
 * @param score the model's probability for that label, in [0, 1]
 * @param raw unscaled values; positive values are evidence for the label
 * @param unit of the values
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
        if (!(Double.isFinite(cells.first())
                && cells.step() > 0
                && cells.step() < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "cells from %s in steps of %s; expected finite numbers, a positive step"
                            .formatted(cells.first(), cells.step()));
        }
    }

    /**
     * Explains the score of the positive label for one image. CAM uses the classifier's engine and
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
        return of(classifier, radiograph, classifier.labels().positive(), method);
    }

    /** Explains the score of any of the classifier's labels for one image. */
    public static Heatmap of(
            CovidClassifier classifier, Radiograph radiograph, Label label, HeatmapMethod method) {
        try (ExplainedModel model = ExplainedModel.of(classifier)) {
            return method.explain(model, radiograph.decode(), label.name());
        }
    }

    /** A pixel of the image, or a cell of the grid. */
    record Pixel(int x, int y) {

        /** The one nearest to the centre of all; empty if there is none. */
        static Optional<Pixel> central(List<Pixel> pixels) {
            double x = pixels.stream().mapToInt(Pixel::x).average().orElse(0);
            double y = pixels.stream().mapToInt(Pixel::y).average().orElse(0);
            return pixels.stream()
                    .min(Comparator.comparingDouble(p -> Math.hypot(p.x - x, p.y - y)));
        }
    }

    /** Raw values interpolated to the S x S pixels of the network's input. */
    public EvidenceGrid onInput() {
        int size = placement.inputSize();
        double[] values = new double[size * size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                values[y * size + x] = raw.interpolate(cells, x + 0.5, y + 0.5);
            }
        }
        return new EvidenceGrid(size, size, values);
    }

    /** Raw value interpolated at a pixel of the image; empty outside the network's crop. */
    public OptionalDouble at(int x, int y) {
        if (!placement.covers(x, y)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(valueAt(x + 0.5, y + 0.5));
    }

    /** Evidence at a place of the image inside the crop. */
    double valueAt(double x, double y) {
        return raw.interpolate(cells, placement.cropX(x), placement.cropY(y));
    }

    /** Whether the largest value is below {@link EvidenceUnit#smallestRange()}, or not positive. */
    public boolean isWeak() {
        return raw.max() <= 0 || raw.max() < unit.smallestRange();
    }

    /** The pixel of the image under the largest value; of several equal ones, a central one. */
    Pixel hottest() {
        double max = raw.max();
        List<Pixel> hot = new ArrayList<>();
        for (int row = 0; row < raw.rows(); row++) {
            for (int column = 0; column < raw.columns(); column++) {
                if (raw.at(row, column) == max) {
                    hot.add(new Pixel(column, row));
                }
            }
        }
        Pixel cell = Pixel.central(hot).orElseThrow();
        return pixel(cell.y(), cell.x());
    }

    private Pixel pixel(int row, int column) {
        double x = clampToInput(cells.first() + column * cells.step());
        double y = clampToInput(cells.first() + row * cells.step());
        return new Pixel(
                Math.min(placement.imageWidth() - 1, (int) placement.imageX(x)),
                Math.min(placement.imageHeight() - 1, (int) placement.imageY(y)));
    }

    private double clampToInput(double place) {
        return Math.max(0, Math.min(placement.inputSize() - 0.5, place));
    }
}
