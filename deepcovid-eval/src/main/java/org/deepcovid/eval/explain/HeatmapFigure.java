package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.eval.figure.Fonts;
import org.deepcovid.eval.figure.Palette;

/**
 * A radiograph and its heatmaps side by side, at one size, each map with its colour scale, and with
 * a caption below. With occlusion it is the figure of Minaee et al. (2020): radiograph, overlay,
 * and the regions whose occlusion changes the decision. What shows nothing is left out, and the
 * caption says so.
 *
 * @param title such as the name of the file
 * @param image the radiograph
 * @param maps of the image, in the order of the figure
 * @param decisive where occlusion changes the decision, of the image's size
 * @param lungs outlined, of the image's size
 * @param threshold from which on the label is called; empty if there is none
 * @param overlay how maps are coloured
 * @param theme colours of paper and text
 */
public record HeatmapFigure(
        String title,
        RasterImage image,
        List<Heatmap> maps,
        Optional<PixelMask> decisive,
        Optional<PixelMask> lungs,
        OptionalDouble threshold,
        HeatmapOverlay overlay,
        Palette.Theme theme) {

    /** Width of {@link #figure()}; a PNG file usually has twice as many pixels. */
    public static final int WIDTH = 800;

    /**
     * @throws IllegalArgumentException if a map or mask is not of the image's size
     */
    public HeatmapFigure {
        requireNonNull(title, "title is null");
        requireNonNull(image, "image is null");
        maps = List.copyOf(maps);
        requireNonNull(threshold, "threshold is null");
        requireNonNull(overlay, "overlay is null");
        requireNonNull(theme, "theme is null");
        for (Heatmap map : maps) {
            HeatmapOverlay.requireSameSize(image, map, lungs);
            HeatmapOverlay.requireSameSize(image, map, decisive);
        }
    }

    /** A figure of maps that were made before. */
    public static HeatmapFigure of(String title, RasterImage image, List<Heatmap> maps) {
        return new HeatmapFigure(
                title,
                image,
                maps,
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                HeatmapOverlay.defaults(),
                Palette.Theme.LIGHT);
    }

    /**
     * Explains an image by several methods.
     *
     * @param title such as the name of the file
     * @param label one of the model's labels
     */
    public static HeatmapFigure of(
            ExplainedModel model,
            String title,
            RasterImage image,
            String label,
            List<HeatmapMethod> methods) {
        List<Heatmap> maps = new ArrayList<>();
        Optional<PixelMask> decisive = Optional.empty();
        for (HeatmapMethod method : methods) {
            if (method instanceof HeatmapMethod.Occlusion occlusion) {
                OcclusionResult result = occlusion.occlude(model, image, label);
                maps.add(result.map(occlusion.measure()));
                decisive = Optional.of(result.flips());
            } else {
                maps.add(method.explain(model, image, label));
            }
        }
        return of(title, image, maps).with(decisive, model.thresholdFor(label));
    }

    private HeatmapFigure with(Optional<PixelMask> regions, OptionalDouble calledFrom) {
        return new HeatmapFigure(title, image, maps, regions, lungs, calledFrom, overlay, theme);
    }

    /** With the outline of the lungs, if given. */
    public HeatmapFigure withLungs(Optional<PixelMask> mask) {
        return new HeatmapFigure(title, image, maps, decisive, mask, threshold, overlay, theme);
    }

    /** With other colours of the maps. */
    public HeatmapFigure withOverlay(HeatmapOverlay other) {
        return new HeatmapFigure(title, image, maps, decisive, lungs, threshold, other, theme);
    }

    /** With other colours of paper and text. */
    public HeatmapFigure withTheme(Palette.Theme other) {
        return new HeatmapFigure(title, image, maps, decisive, lungs, threshold, overlay, other);
    }

    /** One of the pictures, with the texts above and below it. */
    record Panel(String name, Optional<Heatmap> map, boolean marked, List<String> words) {}

    /**
     * Lays the figure out.
     *
     * @return of {@value #WIDTH} pixels; named {@code heatmaps}
     * @throws IllegalStateException if Java finds no fonts
     */
    public Figure figure() {
        return figure("heatmaps");
    }

    /** Lays the figure out, with another name; see {@link Figure#name()}. */
    public Figure figure(String name) {
        Fonts.requireUsable();
        HeatmapLayout layout = new HeatmapLayout(this);
        return new Figure(
                name, title, caption(), description(), WIDTH, layout.height(), layout::paint);
    }

    List<Panel> panels() {
        List<Panel> panels = new ArrayList<>();
        panels.add(new Panel("Radiograph", Optional.empty(), false, List.of()));
        for (Heatmap map : maps) {
            if (!map.isWeak()) {
                String range =
                        "values from %s to %s"
                                .formatted(
                                        HeatmapOverlay.number(map.raw().min()),
                                        HeatmapOverlay.number(map.raw().max()));
                panels.add(
                        new Panel(
                                map.method(),
                                Optional.of(map),
                                false,
                                List.of(map.unit().words(map.label()), range)));
            }
        }
        decisive.filter(mask -> mask.area() > 0)
                .ifPresent(
                        mask ->
                                panels.add(
                                        new Panel(
                                                "Decisive regions",
                                                Optional.empty(),
                                                true,
                                                List.of(decisiveWords(mask)))));
        return panels;
    }

    private static String decisiveWords(PixelMask mask) {
        return String.format(
                Locale.ROOT,
                "yellow: covering a square here changes the decision; %.1f %% of the image",
                100.0 * mask.area() / mask.width() / mask.height());
    }

    String caption() {
        List<String> sentences = new ArrayList<>();
        if (!maps.isEmpty()) {
            double score = maps.get(0).score();
            String label = maps.get(0).label();
            sentences.add(String.format(Locale.ROOT, "Score for %s: %.3f.", label, score));
            threshold.ifPresent(
                    value ->
                            sentences.add(
                                    String.format(
                                            Locale.ROOT,
                                            "%s %s, since the threshold is %.3f.",
                                            score >= value ? "Called" : "Not called",
                                            label,
                                            value)));
        }
        List<String> left = leftOut();
        if (!left.isEmpty()) {
            sentences.add("Left out: " + String.join("; ", left) + ".");
        }
        sentences.add(HeatmapOverlay.NOTICE);
        return String.join(" ", sentences);
    }

    private List<String> leftOut() {
        List<String> left = new ArrayList<>();
        for (Heatmap map : maps) {
            if (map.isWeak()) {
                left.add(
                        "%s, whose largest value is %s (shown from %s on)"
                                .formatted(
                                        map.method(),
                                        HeatmapOverlay.number(map.raw().max()),
                                        HeatmapOverlay.number(map.unit().smallestRange())));
            }
        }
        if (decisive.isPresent() && decisive.get().area() == 0) {
            left.add("decisive regions, since no covered square changes the decision");
        }
        return left;
    }

    private String description() {
        StringBuilder text = new StringBuilder();
        for (Panel panel : panels()) {
            text.append(panel.name());
            panel.words().forEach(words -> text.append(", ").append(words));
            text.append(". ");
        }
        return text + caption();
    }
}
