package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.deepcovid.core.image.RasterImage;

/**
 * A label's probability while pixels are deleted from the image, or inserted into a covered one, in
 * the order of a heatmap, hottest first. The better the map, the earlier deletion lowers the
 * probability (a small area under the curve) and insertion raises it (a large area).
 *
 * <p>Petsiuk et al. (2018), RISE: Randomized Input Sampling for Explanation of Black-box Models,
 * arXiv:1806.07421.
 *
 * @param points from no pixel changed to all changed, unmodifiable
 */
public record PerturbationCurve(List<Point> points) {

    private static final int BATCH = 24;

    /**
     * One point.
     *
     * @param changedShare share of the pixels changed so far, in [0, 1]
     * @param probability the label's probability then, in [0, 1]
     */
    public record Point(double changedShare, double probability) {}

    public PerturbationCurve {
        points = List.copyOf(points);
        if (points.size() < 2) {
            throw new IllegalArgumentException(
                    "curve of %d points; expected at least 2".formatted(points.size()));
        }
    }

    /**
     * Deletes the hottest pixels first.
     *
     * @param map heatmap of the image, of any network with the same input size
     * @param fill replaces deleted pixels
     * @param steps number of steps, positive
     * @return curve of steps + 1 points, for the map's label
     * @throws IllegalArgumentException if the label does not exist, the number of steps is not
     *     positive, or the map is of another image size or input size
     */
    public static PerturbationCurve deletion(
            ExplainedModel model, RasterImage image, Heatmap map, OcclusionFill fill, int steps) {
        ExplainedModel.Input input = model.prepare(image);
        float[] cover = requireNonNull(fill, "fill is null").cover(input.tensor(), size(model));
        return curve(model, input, input.tensor(), cover, map, steps);
    }

    /**
     * Inserts the hottest pixels first, into an image covered by a fill; see {@link #deletion}.
     *
     * @return curve of steps + 1 points, for the map's label
     */
    public static PerturbationCurve insertion(
            ExplainedModel model, RasterImage image, Heatmap map, OcclusionFill fill, int steps) {
        ExplainedModel.Input input = model.prepare(image);
        float[] cover = requireNonNull(fill, "fill is null").cover(input.tensor(), size(model));
        return curve(model, input, cover, input.tensor(), map, steps);
    }

    private static int size(ExplainedModel model) {
        return model.spec().inputSize();
    }

    private static PerturbationCurve curve(
            ExplainedModel model,
            ExplainedModel.Input input,
            float[] from,
            float[] to,
            Heatmap map,
            int steps) {
        if (steps <= 0 || !map.placement().equals(input.placement())) {
            throw new IllegalArgumentException(
                    "%d steps, map for %s, image %s; expected at least 1 step, and a map of this image"
                            .formatted(steps, map.placement(), input.placement()));
        }
        int label = model.indexOf(map.label());
        int[] order = hottestFirst(map.onInput().values());
        double[][] logits =
                new AlteredImages(model, from, BATCH)
                        .logits(
                                steps + 1,
                                (number, batch, offset) ->
                                        replace(
                                                order,
                                                changed(number, steps, order.length),
                                                to,
                                                batch,
                                                offset));
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            double probability = AlteredImages.probabilities(logits[i])[label];
            points.add(new Point((double) i / steps, probability));
        }
        return new PerturbationCurve(points);
    }

    private static int changed(int step, int steps, int pixels) {
        return (int) ((long) step * pixels / steps);
    }

    private static int[] hottestFirst(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static void replace(int[] order, int count, float[] by, float[] batch, int offset) {
        for (int n = 0; n < count; n++) {
            for (int at = order[n]; at < by.length; at += order.length) {
                batch[offset + at] = by[at];
            }
        }
    }

    /** Area under the curve by the trapezoidal rule, in [0, 1]. */
    public double area() {
        double area = 0;
        for (int i = 1; i < points.size(); i++) {
            Point a = points.get(i - 1);
            Point b = points.get(i);
            area += (b.changedShare() - a.changedShare()) * (a.probability() + b.probability()) / 2;
        }
        return area;
    }
}
