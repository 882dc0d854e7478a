package org.deepcovid.core.features;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepcovid.core.image.Alteration;
import org.deepcovid.core.image.PixelStatistics;
import org.deepcovid.core.model.LinearHead;

/**
 * Tells images that are unlike those that a classifier was fitted on. It measures, each relative to
 * a limit that was set on training images left out of the measure: the distance of the features
 * from those of training images; pixel statistics; and, by a linear layer on features and the image
 * in small, how much the image looks like one altered in a known way.
 */
public final class InputCheck {

    /** Begins the remark on an image that is unlike the training images. */
    public static final String UNLIKE = "unlike the training images";

    private static final List<Alteration> ALTERATIONS = Alteration.RECOGNISED;
    private static final int MEASURES = 2 + ALTERATIONS.size();
    private static final String MEAN = "mean";
    private static final String COMPONENTS = "components";
    private static final String VARIANCES = "variances";
    private static final String STATISTICS = "statistics";
    private static final String WEIGHTS = "alterations/weights";
    private static final String BIAS = "alterations/bias";
    private static final String LIMITS = "limits";
    private static final String REACH = "alterations/reach";

    /**
     * How far an image is from the training images.
     *
     * @param distance about 0 for a typical training image, 1 at the limit; more is unlike
     * @param reason why it is unlike; empty if it is not
     */
    public record Result(double distance, Optional<String> reason) {
        public Result {
            requireNonNull(reason, "reason is null");
        }

        /** The reason as a remark on the image. */
        public Optional<String> remark() {
            return reason.map(text -> "%s (%s)".formatted(UNLIKE, text));
        }
    }

    private final FeatureSpace space;
    private final float[] statistics;
    private final LinearHead alterations;
    private final float[] limits;
    private final float[] reach;

    /**
     * Combines measures.
     *
     * @param space of the training images' features
     * @param statistics mean and scale of each of the {@link PixelStatistics#FIGURES}
     * @param alterations unaltered images first, then the alterations; of {@link #row}
     * @param limits of each of the {@link #measures}, the value of a typical image and the limit
     * @param reach for each alteration, the distance in feature space up to which it is named: that
     *     of altered training images
     */
    public InputCheck(
            FeatureSpace space,
            float[] statistics,
            LinearHead alterations,
            float[] limits,
            float[] reach) {
        this.space = requireNonNull(space, "space is null");
        this.statistics = statistics.clone();
        this.alterations = requireNonNull(alterations, "alterations is null");
        this.limits = limits.clone();
        this.reach = reach.clone();
        if (statistics.length != 2 * PixelStatistics.FIGURES
                || limits.length != 2 * MEASURES
                || reach.length != ALTERATIONS.size()
                || alterations.classes() != 1 + ALTERATIONS.size()
                || alterations.features() != space.length() + PixelStatistics.SMALL_LENGTH) {
            throw new IllegalArgumentException(
                    ("description of training images with %d statistics, %d limits and a layer of"
                                    + " %d x %d; this release describes them otherwise: use the"
                                    + " release that saved it")
                            .formatted(
                                    statistics.length,
                                    limits.length,
                                    alterations.classes(),
                                    alterations.features()));
        }
    }

    /** The same with other limits. */
    public InputCheck withLimits(float[] newLimits) {
        return new InputCheck(space, statistics, alterations, newLimits, reach);
    }

    /** Compares an image with the training images. */
    public Result check(float[] features, PixelStatistics pixels) {
        double[] ratios = measures(features, pixels);
        double away = ratios[0];
        double distance = 0;
        for (int i = 0; i < MEASURES; i++) {
            double typical = limits[2 * i];
            ratios[i] = (ratios[i] - typical) / (limits[2 * i + 1] - typical);
            distance = Math.max(distance, ratios[i]);
        }
        return new Result(
                distance,
                distance > 1 ? Optional.of(reason(ratios, away, pixels)) : Optional.empty());
    }

    /**
     * No alteration adds colours, and an altered radiograph is as near as altered training images.
     */
    private String reason(double[] ratios, double away, PixelStatistics pixels) {
        int figure = strangest(pixels);
        boolean colours = ratios[1] > 1 && figure == PixelStatistics.COLOURS;
        int altered = 2;
        for (int i = 3; i < MEASURES; i++) {
            altered = ratios[i] > ratios[altered] ? i : altered;
        }
        if (!colours && ratios[altered] > 1 && away <= reach[altered - 2]) {
            return ALTERATIONS.get(altered - 2).description();
        }
        return colours || ratios[1] > ratios[0]
                ? PixelStatistics.FIGURES_NAMED.get(figure)
                : "far from all of them";
    }

    /**
     * The measures, larger for stranger images.
     *
     * @return distance of the features; the largest deviation of a pixel statistic, in units of its
     *     scale; for each alteration, its logit less that of unaltered images
     */
    public double[] measures(float[] features, PixelStatistics pixels) {
        double[] measures = new double[MEASURES];
        measures[0] = space.distance(features);
        measures[1] = deviation(pixels, strangest(pixels));
        double[] logits = alterations.logits(row(features, pixels));
        for (int i = 0; i < ALTERATIONS.size(); i++) {
            measures[2 + i] = logits[1 + i] - logits[0];
        }
        return measures;
    }

    /** What the linear layer gets: compressed features and the image in small. */
    public static float[] row(float[] features, PixelStatistics pixels) {
        float[] compressed = FeatureSpace.compressed(features);
        float[] small = pixels.small();
        float[] row = new float[compressed.length + small.length];
        System.arraycopy(compressed, 0, row, 0, compressed.length);
        System.arraycopy(small, 0, row, compressed.length, small.length);
        return row;
    }

    private int strangest(PixelStatistics pixels) {
        int strangest = 0;
        for (int i = 1; i < PixelStatistics.FIGURES; i++) {
            strangest = deviation(pixels, i) > deviation(pixels, strangest) ? i : strangest;
        }
        return strangest;
    }

    private double deviation(PixelStatistics pixels, int figure) {
        return Math.abs(pixels.figure(figure) - statistics[2 * figure])
                / statistics[2 * figure + 1];
    }

    /** The numbers to save, by name. */
    public Map<String, float[]> tensors() {
        Map<String, float[]> tensors = new LinkedHashMap<>();
        tensors.put(MEAN, space.mean());
        tensors.put(COMPONENTS, space.components());
        tensors.put(VARIANCES, space.variances());
        tensors.put(STATISTICS, statistics.clone());
        tensors.put(WEIGHTS, alterations.weights());
        tensors.put(BIAS, alterations.bias());
        tensors.put(LIMITS, limits.clone());
        tensors.put(REACH, reach.clone());
        return tensors;
    }

    /**
     * Restores a saved description.
     *
     * @throws IllegalArgumentException if tensors are missing or do not fit each other
     */
    public static InputCheck of(Map<String, float[]> tensors) {
        List<String> missing = new ArrayList<>();
        Stream.of(MEAN, COMPONENTS, VARIANCES, STATISTICS, WEIGHTS, BIAS, LIMITS)
                .filter(name -> !tensors.containsKey(name))
                .forEach(missing::add);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "its description of the training images lacks " + missing);
        }
        return new InputCheck(
                new FeatureSpace(
                        tensors.get(MEAN), tensors.get(COMPONENTS), tensors.get(VARIANCES)),
                tensors.get(STATISTICS),
                new LinearHead(tensors.get(WEIGHTS), tensors.get(BIAS)),
                tensors.get(LIMITS),
                tensors.getOrDefault(REACH, anywhere()));
    }

    /** Files that were saved before distances were measured name an alteration at any. */
    private static float[] anywhere() {
        float[] reach = new float[ALTERATIONS.size()];
        Arrays.fill(reach, Float.MAX_VALUE);
        return reach;
    }
}
