package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;

/**
 * Where the evidence lies over a dataset: a model that looks outside the lungs, or at the border
 * where markers and text are, may have learned something else than disease.
 *
 * @param method title of the method that made the maps
 * @param label the label that was asked about
 * @param frame width of the outer frame, as a share of the side
 * @param images one entry an image, unmodifiable
 */
public record EvidenceAudit(
        String method, String label, double frame, List<EvidenceShares> images) {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if a component is null
     */
    public EvidenceAudit {
        requireNonNull(method, "method is null");
        requireNonNull(label, "label is null");
        images = List.copyOf(images);
    }

    /**
     * Explains every image.
     *
     * @param model to be asked
     * @param method makes the maps
     * @param label one of the model's labels
     * @param images to be explained
     * @param lungs finds an image's lung fields, of the image's size
     * @param frame width of the outer frame as a share of the side, between 0 and 0.5
     * @return the shares, in the order of the images
     * @throws org.deepcovid.core.image.UnreadableImageException if an image cannot be read
     * @throws IllegalArgumentException if the label does not exist or a mask has another size
     */
    public static EvidenceAudit run(
            ExplainedModel model,
            HeatmapMethod method,
            String label,
            List<LabelledImage> images,
            Function<LabelledImage, Optional<PixelMask>> lungs,
            double frame) {
        List<EvidenceShares> shares = new ArrayList<>();
        for (LabelledImage image : images) {
            RasterImage pixels = ImageDecoder.decode(image.file());
            Heatmap map = method.explain(model, pixels, label);
            shares.add(shares(image.id(), map, lungs.apply(image), frame));
        }
        return new EvidenceAudit(method.title(), label, frame, shares);
    }

    private static EvidenceShares shares(
            String id, Heatmap map, Optional<PixelMask> lungs, double frame) {
        OptionalDouble inside =
                lungs.map(mask -> HeatmapChecks.shareInside(map, mask))
                        .orElse(OptionalDouble.empty());
        return new EvidenceShares(
                id,
                map.score(),
                inside.isPresent()
                        ? OptionalDouble.of(1 - inside.getAsDouble())
                        : OptionalDouble.empty(),
                lungs.map(mask -> OptionalDouble.of(1 - HeatmapChecks.areaOf(map, mask)))
                        .orElse(OptionalDouble.empty()),
                HeatmapChecks.shareInBorder(map, frame));
    }

    /**
     * Mean share of the evidence outside the lungs.
     *
     * @return in [0, 1]; empty if no image has one
     */
    public OptionalDouble meanOutsideLungs() {
        return mean(EvidenceShares::outsideLungs);
    }

    /**
     * Mean share of the evidence in the outer frame.
     *
     * @return in [0, 1]; empty if no image has one
     */
    public OptionalDouble meanInBorder() {
        return mean(EvidenceShares::inBorder);
    }

    private OptionalDouble mean(Function<EvidenceShares, OptionalDouble> share) {
        return images.stream()
                .map(share)
                .flatMapToDouble(
                        value ->
                                value.isPresent()
                                        ? DoubleStream.of(value.getAsDouble())
                                        : DoubleStream.empty())
                .average();
    }

    /**
     * The images to look at first: those with the most evidence outside the lungs, or, where no
     * lungs are known, in the outer frame.
     *
     * @param count most images to name
     * @return the worst first
     */
    public List<EvidenceShares> worst(int count) {
        return images.stream()
                .sorted(
                        Comparator.comparingDouble(
                                image -> -image.outsideLungs().orElse(image.inBorder().orElse(0))))
                .limit(count)
                .toList();
    }

    /**
     * A few lines for a report.
     *
     * @return means beside what a map without preference would have, and the five worst images
     */
    public String toText() {
        StringBuilder text = new StringBuilder();
        text.append("evidence for '%s' by %s, %d images%n".formatted(label, method, images.size()));
        meanOutsideLungs()
                .ifPresent(
                        share ->
                                text.append(
                                        line(
                                                "outside the lungs",
                                                share,
                                                mean(EvidenceShares::areaOutsideLungs).orElse(0))));
        meanInBorder()
                .ifPresent(
                        share ->
                                text.append(
                                        line(
                                                "in the outer frame",
                                                share,
                                                HeatmapChecks.areaOfBorder(frame))));
        for (EvidenceShares image : worst(5)) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %s  score %.3f  outside the lungs %s  in the outer frame %s%n",
                            image.imageId(),
                            image.score(),
                            percent(image.outsideLungs()),
                            percent(image.inBorder())));
        }
        return text.toString();
    }

    private static String line(String place, double share, double area) {
        return String.format(
                Locale.ROOT,
                "  %s: %.1f %% of the evidence, %.1f %% of the area%n",
                place,
                100 * share,
                100 * area);
    }

    private static String percent(OptionalDouble share) {
        return share.isPresent()
                ? String.format(Locale.ROOT, "%.1f %%", 100 * share.getAsDouble())
                : "unknown";
    }
}
