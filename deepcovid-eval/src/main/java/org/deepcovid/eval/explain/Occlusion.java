package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deepcovid.core.image.RasterImage;

/**
 * Occlusion: a window moves over the image and covers it; where the answer suffers, the model
 * looked. Windows start at the upper left corner; the last of a row and of a column is moved back
 * to end at the border, so that every pixel is covered.
 *
 * <p>Zeiler and Fergus (2014), Visualizing and Understanding Convolutional Networks, DOI
 * 10.1007/978-3-319-10590-1_53; as used by Minaee et al. (2020), DOI 10.1016/j.media.2020.101794.
 *
 * @param window side N of the window, in pixels of the network's input, positive
 * @param stride distance S between windows, in pixels, positive
 * @param fill what covers
 * @param measure what {@link #explain} maps: {@link EvidenceUnit#PROBABILITY_DROP} or {@link
 *     EvidenceUnit#LOGIT_DROP}
 * @param batchSize covered copies that are scored at a time, positive
 */
public record Occlusion(
        int window, int stride, OcclusionFill fill, EvidenceUnit measure, int batchSize)
        implements HeatmapMethod {

    private static final int DEFAULT_BATCH = 24;

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if a number is not positive, the stride leaves gaps, or the
     *     measure is another
     */
    public Occlusion {
        requireNonNull(fill, "fill is null");
        requireNonNull(measure, "measure is null");
        if (window <= 0 || stride <= 0 || stride > window || batchSize <= 0) {
            throw new IllegalArgumentException(
                    "window %d, stride %d, batch %d; expected positive numbers, stride up to window"
                            .formatted(window, stride, batchSize));
        }
        if (measure != EvidenceUnit.PROBABILITY_DROP && measure != EvidenceUnit.LOGIT_DROP) {
            throw new IllegalArgumentException(
                    "measure is %s; expected PROBABILITY_DROP or LOGIT_DROP".formatted(measure));
        }
    }

    /**
     * Occlusion by zeros, measured by the probability, as in the paper.
     *
     * @param window side of the window, in pixels of the network's input
     * @param stride distance between windows, in pixels
     */
    public Occlusion(int window, int stride) {
        this(window, stride, OcclusionFill.ZERO, EvidenceUnit.PROBABILITY_DROP, DEFAULT_BATCH);
    }

    /**
     * The same with another cover.
     *
     * @param newFill what covers
     * @return the copy
     */
    public Occlusion withFill(OcclusionFill newFill) {
        return new Occlusion(window, stride, newFill, measure, batchSize);
    }

    /**
     * The same with another measure.
     *
     * @param newMeasure what {@link #explain} maps
     * @return the copy
     */
    public Occlusion withMeasure(EvidenceUnit newMeasure) {
        return new Occlusion(window, stride, fill, newMeasure, batchSize);
    }

    @Override
    public String title() {
        String measured = measure == EvidenceUnit.LOGIT_DROP ? ", logit" : "";
        return "Occlusion %d/%d %s%s"
                .formatted(window, stride, fill.name().toLowerCase(Locale.ROOT), measured);
    }

    @Override
    public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
        return occlude(model, image, label).map(measure);
    }

    /**
     * Covers every part of an image and tells what happened.
     *
     * @param model to be asked
     * @param image any size; resized and cropped as the network wants it
     * @param label one of the model's labels
     * @return both maps, and every window
     * @throws IllegalArgumentException if the label does not exist or the network's input is
     *     smaller than the window
     * @throws IllegalStateException if an answer of the network is not finite
     */
    public OcclusionResult occlude(ExplainedModel model, RasterImage image, String label) {
        int index = model.indexOf(label);
        int size = model.spec().inputSize();
        if (window > size) {
            throw new IllegalArgumentException(
                    "window of %d pixels; the input of %s has %d (choose a smaller window)"
                            .formatted(window, model.spec().architecture(), size));
        }
        ExplainedModel.Input input = model.prepare(image);
        float[] cover = fill.cover(input.tensor(), size);
        int[] starts = starts(size);
        int across = starts.length;
        AlteredImages altered = new AlteredImages(model, input.tensor(), batchSize);
        double[] whole = altered.logits(1, (number, batch, offset) -> {})[0];
        double[][] logits =
                altered.logits(
                        across * across,
                        (number, batch, offset) ->
                                paste(
                                        cover,
                                        batch,
                                        offset,
                                        starts[number % across],
                                        starts[number / across],
                                        size));
        List<OcclusionWindow> windows = new ArrayList<>();
        int decision = model.decision(AlteredImages.probabilities(whole));
        for (int i = 0; i < logits.length; i++) {
            double[] p = AlteredImages.probabilities(logits[i]);
            windows.add(
                    new OcclusionWindow(
                            starts[i % across],
                            starts[i / across],
                            window,
                            p[index],
                            logits[i][index],
                            model.decision(p) != decision));
        }
        return result(label, whole, index, windows, input, size);
    }

    /** Where windows begin, ending with one at the border. */
    int[] starts(int size) {
        List<Integer> starts = new ArrayList<>();
        for (int start = 0; start + window < size; start += stride) {
            starts.add(start);
        }
        starts.add(size - window);
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    private void paste(float[] cover, float[] batch, int offset, int left, int top, int size) {
        for (int plane = 0; plane < 3; plane++) {
            for (int y = top; y < top + window; y++) {
                int from = (plane * size + y) * size + left;
                System.arraycopy(cover, from, batch, offset + from, window);
            }
        }
    }

    private OcclusionResult result(
            String label,
            double[] whole,
            int index,
            List<OcclusionWindow> windows,
            ExplainedModel.Input input,
            int size) {
        double score = AlteredImages.probabilities(whole)[index];
        double[] probability = new double[size * size];
        double[] logit = new double[size * size];
        int[] covered = new int[size * size];
        for (OcclusionWindow w : windows) {
            for (int i = 0; i < window * window; i++) {
                int pixel = (w.y() + i / window) * size + w.x() + i % window;
                probability[pixel] += score - w.probability();
                logit[pixel] += whole[index] - w.logit();
                covered[pixel]++;
            }
        }
        for (int i = 0; i < covered.length; i++) {
            probability[i] /= covered[i];
            logit[i] /= covered[i];
        }
        return new OcclusionResult(
                map(label, score, probability, EvidenceUnit.PROBABILITY_DROP, input, size),
                map(label, score, logit, EvidenceUnit.LOGIT_DROP, input, size),
                windows);
    }

    private Heatmap map(
            String label,
            double score,
            double[] values,
            EvidenceUnit unit,
            ExplainedModel.Input input,
            int size) {
        return new Heatmap(
                title(),
                label,
                score,
                new EvidenceGrid(size, size, values),
                unit,
                CellCentres.even(size, size),
                input.placement());
    }
}
