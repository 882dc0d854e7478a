package org.deepcovid.eval.explain;

import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;

/** Scores copies of one image, each with one window covered. */
final class OcclusionRun {

    private final HeatmapMethod.Occlusion method;
    private final ExplainedModel model;
    private final String label;
    private final int index;
    private final int size;
    private final ExplainedModel.Input input;
    private final float[] cover;

    OcclusionRun(
            HeatmapMethod.Occlusion method, ExplainedModel model, RasterImage image, String label) {
        this.method = method;
        this.model = model;
        this.label = label;
        this.index = model.indexOf(label);
        this.size = model.spec().inputSize();
        if (method.window() > size) {
            throw new IllegalArgumentException(
                    "window of %d pixels; the input of %s has %d (choose a smaller window)"
                            .formatted(method.window(), model.spec().architecture(), size));
        }
        this.input = model.prepare(image);
        this.cover = method.fill().cover(input.tensor(), size);
    }

    OcclusionResult result() {
        int[] starts = starts(method.window(), method.stride(), size);
        int across = starts.length;
        AlteredImages altered = new AlteredImages(model, input.tensor(), method.batchSize());
        double[] whole = altered.logits(1, (number, batch, offset) -> {})[0];
        double[][] logits =
                altered.logits(
                        across * across,
                        (number, batch, offset) ->
                                paste(
                                        batch,
                                        offset,
                                        starts[number % across],
                                        starts[number / across]));
        int decision = model.decision(AlteredImages.probabilities(whole));
        List<OcclusionResult.Window> windows = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            double[] p = AlteredImages.probabilities(logits[i]);
            windows.add(
                    new OcclusionResult.Window(
                            starts[i % across],
                            starts[i / across],
                            method.window(),
                            p[index],
                            logits[i][index],
                            model.decision(p) != decision));
        }
        return maps(whole, windows);
    }

    /** First pixels of the windows; the last window ends at the border. */
    static int[] starts(int window, int stride, int size) {
        List<Integer> starts = new ArrayList<>();
        for (int start = 0; start + window < size; start += stride) {
            starts.add(start);
        }
        starts.add(size - window);
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    private void paste(float[] batch, int offset, int left, int top) {
        for (int plane = 0; plane < 3; plane++) {
            for (int y = top; y < top + method.window(); y++) {
                int from = (plane * size + y) * size + left;
                System.arraycopy(cover, from, batch, offset + from, method.window());
            }
        }
    }

    private OcclusionResult maps(double[] whole, List<OcclusionResult.Window> windows) {
        double score = AlteredImages.probabilities(whole)[index];
        double[] probability = new double[size * size];
        double[] logit = new double[size * size];
        int[] covered = new int[size * size];
        for (OcclusionResult.Window w : windows) {
            for (int i = 0; i < w.size() * w.size(); i++) {
                int pixel = (w.y() + i / w.size()) * size + w.x() + i % w.size();
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
                map(score, probability, EvidenceUnit.PROBABILITY_DROP),
                map(score, logit, EvidenceUnit.LOGIT_DROP),
                windows);
    }

    private Heatmap map(double score, double[] values, EvidenceUnit unit) {
        CellCentres pixels = EvidenceGrid.evenCells(size, size);
        EvidenceGrid grid = new EvidenceGrid(size, size, values);
        return new Heatmap(method.title(), label, score, grid, unit, pixels, input.placement());
    }
}
