package org.deepcovid.eval.explain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.deepcovid.core.image.RasterImage;

/**
 * Score-CAM: the last feature map's channels, each weighted by the logit that remains when the
 * image is seen through that channel alone. It needs one forward pass a channel; the channels with
 * the widest range of activations are used.
 *
 * <p>Wang et al. (2020), Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural
 * Networks, DOI 10.1109/CVPRW50498.2020.00020.
 *
 * @param channels most channels to use, positive
 */
public record ScoreCam(int channels) implements HeatmapMethod {

    private static final int BATCH = 24;

    /**
     * Checks the component.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ScoreCam {
        if (channels <= 0) {
            throw new IllegalArgumentException(
                    "channels is %d; expected a positive number".formatted(channels));
        }
    }

    @Override
    public String title() {
        return "Score-CAM";
    }

    @Override
    public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
        int index = model.indexOf(label);
        int size = model.spec().inputSize();
        ExplainedModel.Input input = model.prepare(image);
        ExplainedModel.Answer answer = model.answer(input, index);
        LayerEvidence evidence = answer.map();
        CellCentres centres = model.centres(model.spec().camLayer(), evidence.width());
        int[] chosen = widest(evidence);
        float[] cover = OcclusionFill.BLUR.cover(input.tensor(), size);
        double[][] logits =
                new AlteredImages(model, input.tensor(), BATCH)
                        .logits(
                                chosen.length,
                                (number, batch, offset) ->
                                        mask(
                                                channel(evidence, chosen[number]),
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
                title(),
                label,
                answer.probabilities()[index],
                evidence.weighted(weights),
                EvidenceUnit.RELATIVE,
                centres,
                input.placement());
    }

    /** Channels with any contrast, those with the most first. */
    private int[] widest(LayerEvidence evidence) {
        double[] ranges =
                IntStream.range(0, evidence.channels())
                        .mapToDouble(c -> range(channelValues(evidence, c)))
                        .toArray();
        int[] chosen =
                IntStream.range(0, ranges.length)
                        .filter(c -> ranges[c] > 0)
                        .boxed()
                        .sorted(Comparator.comparingDouble(c -> -ranges[c]))
                        .limit(channels)
                        .mapToInt(Integer::intValue)
                        .toArray();
        if (chosen.length == 0) {
            throw new IllegalStateException(
                    "no channel of the last feature map varies over the image; Score-CAM needs"
                            + " one");
        }
        return chosen;
    }

    private static double[] channelValues(LayerEvidence evidence, int channel) {
        return IntStream.range(0, evidence.cells())
                .mapToDouble(i -> evidence.activations()[channel * evidence.cells() + i])
                .toArray();
    }

    private static double range(double[] values) {
        return Arrays.stream(values).max().orElseThrow()
                - Arrays.stream(values).min().orElseThrow();
    }

    /** A channel stretched to [0, 1]. */
    private static EvidenceGrid channel(LayerEvidence evidence, int channel) {
        double[] values = channelValues(evidence, channel);
        double low = Arrays.stream(values).min().orElseThrow();
        double range = range(values);
        double[] stretched = Arrays.stream(values).map(v -> (v - low) / range).toArray();
        return new EvidenceGrid(evidence.height(), evidence.width(), stretched);
    }

    /** Fades to the blurred image where the channel is low. */
    private static void mask(
            EvidenceGrid channel,
            CellCentres centres,
            float[] cover,
            float[] batch,
            int offset,
            int size) {
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                float keep = (float) centres.interpolate(channel, x + 0.5, y + 0.5);
                for (int i = y * size + x; i < cover.length; i += size * size) {
                    batch[offset + i] = cover[i] + keep * (batch[offset + i] - cover[i]);
                }
            }
        }
    }
}
