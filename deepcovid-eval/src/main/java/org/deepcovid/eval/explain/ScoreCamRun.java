package org.deepcovid.eval.explain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;

/** Scores copies of one image, each masked by one channel of the last feature map. */
final class ScoreCamRun {

    private static final int BATCH = 24;

    private ScoreCamRun() {}

    static Heatmap explain(
            HeatmapMethod.ScoreCam method, ExplainedModel model, RasterImage image, String label) {
        int index = model.indexOf(label);
        int size = model.spec().inputSize();
        ExplainedModel.Input input = model.prepare(image);
        ExplainedModel.Output output = model.output(Optional.empty(), input, index);
        LayerEvidence evidence = output.map();
        CellCentres centres = model.centres(model.spec().camLayer(), evidence.width());
        int[] chosen = widest(evidence, method.channels());
        float[] cover = OcclusionFill.BLUR.cover(input.tensor(), size);
        double[][] logits =
                new AlteredImages(model, input.tensor(), BATCH)
                        .logits(
                                chosen.length,
                                (number, batch, offset) ->
                                        mask(
                                                normalised(evidence, chosen[number]),
                                                centres,
                                                cover,
                                                batch,
                                                offset,
                                                size));
        double[] weights = new double[evidence.channels()];
        double[] shares =
                AlteredImages.probabilities(
                        Arrays.stream(logits).mapToDouble(row -> row[index]).toArray());
        for (int i = 0; i < chosen.length; i++) {
            weights[chosen[i]] = shares[i];
        }
        return new Heatmap(
                method.title(),
                label,
                output.probabilities()[index],
                evidence.weighted(weights),
                EvidenceUnit.RELATIVE,
                centres,
                input.placement());
    }

    /** Channels that are not constant, those with the widest range first. */
    private static int[] widest(LayerEvidence evidence, int maxChannels) {
        double[] ranges =
                IntStream.range(0, evidence.channels())
                        .mapToDouble(c -> range(channel(evidence, c)))
                        .toArray();
        int[] chosen =
                IntStream.range(0, ranges.length)
                        .filter(c -> ranges[c] > 0)
                        .boxed()
                        .sorted(Comparator.comparingDouble(c -> -ranges[c]))
                        .limit(maxChannels)
                        .mapToInt(Integer::intValue)
                        .toArray();
        if (chosen.length == 0) {
            throw new IllegalStateException(
                    "no channel of the last feature map varies over the image; Score-CAM needs"
                            + " one");
        }
        return chosen;
    }

    private static double[] channel(LayerEvidence evidence, int channel) {
        return IntStream.range(0, evidence.cells())
                .mapToDouble(i -> evidence.activations()[channel * evidence.cells() + i])
                .toArray();
    }

    private static double range(double[] values) {
        return Arrays.stream(values).max().orElseThrow()
                - Arrays.stream(values).min().orElseThrow();
    }

    /** A channel scaled linearly to [0, 1]. */
    private static EvidenceGrid normalised(LayerEvidence evidence, int channel) {
        double[] values = channel(evidence, channel);
        double low = Arrays.stream(values).min().orElseThrow();
        double range = range(values);
        double[] scaled = Arrays.stream(values).map(v -> (v - low) / range).toArray();
        return new EvidenceGrid(evidence.height(), evidence.width(), scaled);
    }

    /** Blends into the blurred image where the channel is low. */
    private static void mask(
            EvidenceGrid channel,
            CellCentres centres,
            float[] cover,
            float[] batch,
            int offset,
            int size) {
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                float keep = (float) channel.interpolate(centres, x + 0.5, y + 0.5);
                for (int i = y * size + x; i < cover.length; i += size * size) {
                    batch[offset + i] = cover[i] + keep * (batch[offset + i] - cover[i]);
                }
            }
        }
    }
}
