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
import org.deepcovid.eval.metrics.Proportion;

/**
 * Location of the evidence over a dataset: a model with evidence outside the lungs, or at the
 * border where markers and text are, may have learned something else than disease.
 *
 * @param method title of the method that made the maps
 * @param label the explained label
 * @param frame width of the outer frame, as a share of the side
 * @param images one entry per image, unmodifiable
 */
public record EvidenceAudit(String method, String label, double frame, List<Shares> images) {

    /**
     * Location of one image's evidence.
     *
     * @param imageId identifies the image
     * @param score the model's probability for the label, in [0, 1]
     * @param outsideLungs share of the evidence outside the lung fields; empty without a mask or
     *     without any evidence
     * @param areaOutsideLungs the same share of a uniform map; empty without a mask
     * @param inBorder share of the evidence in the outer frame; empty without any evidence
     * @param finding how the map agrees with the marked finding; empty without a mark
     */
    public record Shares(
            String imageId,
            double score,
            OptionalDouble outsideLungs,
            OptionalDouble areaOutsideLungs,
            OptionalDouble inBorder,
            Optional<Finding> finding) {

        public Shares {
            requireNonNull(imageId, "imageId is null");
            requireNonNull(outsideLungs, "outsideLungs is null");
            requireNonNull(areaOutsideLungs, "areaOutsideLungs is null");
            requireNonNull(inBorder, "inBorder is null");
            requireNonNull(finding, "finding is null");
        }

        private static Shares of(
                String id,
                Heatmap map,
                Optional<PixelMask> lungs,
                Optional<PixelMask> finding,
                double frame) {
            OptionalDouble inside =
                    lungs.map(mask -> HeatmapChecks.shareInside(map, mask))
                            .orElse(OptionalDouble.empty());
            return new Shares(
                    id,
                    map.score(),
                    inside.isPresent()
                            ? OptionalDouble.of(1 - inside.getAsDouble())
                            : OptionalDouble.empty(),
                    lungs.map(mask -> OptionalDouble.of(1 - HeatmapChecks.areaOf(map, mask)))
                            .orElse(OptionalDouble.empty()),
                    HeatmapChecks.shareInBorder(map, frame),
                    finding.flatMap(mask -> Finding.of(map, mask)));
        }
    }

    /**
     * A map beside a finding that people marked.
     *
     * @param hit whether the hottest place is in the mark, {@link HeatmapChecks#pointsInto}
     * @param overlap intersection over union of the mark and as many hottest pixels
     * @param area the mark's share of what the network sees: the hit rate of places at random
     */
    public record Finding(boolean hit, double overlap, double area) {

        /** Empty if the mark is outside of what the network sees, or all of it. */
        private static Optional<Finding> of(Heatmap map, PixelMask mark) {
            double area = HeatmapChecks.areaOf(map, mark);
            return area > 0 && area < 1
                    ? Optional.of(
                            new Finding(
                                    HeatmapChecks.pointsInto(map, mark),
                                    HeatmapChecks.intersectionOverUnion(map, mark, area),
                                    area))
                    : Optional.empty();
        }
    }

    public EvidenceAudit {
        requireNonNull(method, "method is null");
        requireNonNull(label, "label is null");
        images = List.copyOf(images);
    }

    /**
     * Explains every image.
     *
     * @param label one of the model's labels
     * @param lungs an image's lung fields, of the image's size, where they are known
     * @param findings marked in an image, of the image's size, where they are known
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
            Function<LabelledImage, Optional<PixelMask>> findings,
            double frame) {
        List<Shares> shares = new ArrayList<>();
        for (LabelledImage image : images) {
            RasterImage pixels = ImageDecoder.decode(image.file());
            Heatmap map = method.explain(model, pixels, label);
            shares.add(
                    Shares.of(image.id(), map, lungs.apply(image), findings.apply(image), frame));
        }
        return new EvidenceAudit(method.title(), label, frame, shares);
    }

    /** Mean share of the evidence outside the lungs; empty if no image has one. */
    public OptionalDouble meanOutsideLungs() {
        return mean(Shares::outsideLungs);
    }

    /** Mean share of the evidence in the outer frame; empty if no image has one. */
    public OptionalDouble meanInBorder() {
        return mean(Shares::inBorder);
    }

    /** The images with a marked finding. */
    private List<Finding> findings() {
        return images.stream().flatMap(image -> image.finding().stream()).toList();
    }

    /** Share of the marked images whose hottest place is in the mark; empty without marks. */
    public Optional<Proportion> hitRate() {
        List<Finding> found = findings();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Proportion.of(
                                (int) found.stream().filter(Finding::hit).count(), found.size()));
    }

    /** Mean {@link Finding#overlap}; empty without marks. */
    public OptionalDouble meanOverlap() {
        return findings().stream().mapToDouble(Finding::overlap).average();
    }

    private OptionalDouble mean(Function<Shares, OptionalDouble> share) {
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
     * The images with the most evidence outside the lungs or, without lung masks, in the outer
     * frame, in descending order.
     *
     * @param count maximum number of images
     */
    public List<Shares> worst(int count) {
        return images.stream()
                .sorted(
                        Comparator.comparingDouble(
                                image -> -image.outsideLungs().orElse(image.inBorder().orElse(0))))
                .limit(count)
                .toList();
    }

    /** Lines for a report: means beside those of a uniform map, and the five worst images. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        text.append("evidence for '%s' by %s, %d images%n".formatted(label, method, images.size()));
        double lungs = mean(Shares::areaOutsideLungs).orElse(0);
        meanOutsideLungs().ifPresent(share -> text.append(line("outside the lungs", share, lungs)));
        double border = HeatmapChecks.areaOfBorder(frame);
        meanInBorder().ifPresent(share -> text.append(line("in the outer frame", share, border)));
        hitRate().ifPresent(rate -> text.append(line(rate)));
        for (Shares image : worst(5)) {
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

    private String line(Proportion hits) {
        return String.format(
                Locale.ROOT,
                "  marked findings, %d images: hit rate %.3f [%.3f, %.3f], mean overlap (IoU) %.3f;"
                        + " the marks are %.1f %% of the area%n",
                hits.total(),
                hits.estimate(),
                hits.interval().lower(),
                hits.interval().upper(),
                meanOverlap().orElseThrow(),
                100 * findings().stream().mapToDouble(Finding::area).average().orElseThrow());
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
