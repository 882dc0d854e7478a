package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;

/**
 * Draws heatmaps over their images, at the images' own size. Opacity grows with the evidence, so
 * places without evidence keep their colour. The area outside the network's crop is darkened:
 * unknown is not the same as no evidence.
 *
 * @param scaling from evidence to colour; empty for {@link HeatmapScaling#perImage}
 * @param opacity of the hottest colour, in [0, 1]
 * @param contourShare share of the crop's pixels inside the contour of the hottest, in [0, 1); 0
 *     draws none
 */
public record HeatmapOverlay(
        Optional<HeatmapScaling> scaling, double opacity, double contourShare) {

    /** Part of every figure and every file. */
    public static final String NOTICE =
            "Evidence of a research model, not a diagnosis. Not a diagnostic device.";

    private static final double DARKENING = 0.4; // outside the network's crop
    private static final double FULLY_OPAQUE_FROM = 0.4; // of the scale
    private static final int BLACK = 0x000000;
    private static final int CONTOUR = 0xFFFFFF;
    private static final int LUNGS = 0x30D5F0;

    public HeatmapOverlay {
        requireNonNull(scaling, "scaling is null");
        if (!(opacity >= 0 && opacity <= 1 && contourShare >= 0 && contourShare < 1)) {
            throw new IllegalArgumentException(
                    "opacity %s, contour share %s; expected [0, 1] and [0, 1)"
                            .formatted(opacity, contourShare));
        }
    }

    /** Scaling per image, opacity 0.5, a contour around the hottest tenth. */
    public static HeatmapOverlay defaults() {
        return new HeatmapOverlay(Optional.empty(), 0.5, 0.1);
    }

    /** With a given scaling, such as one range for several maps. */
    public HeatmapOverlay withScaling(HeatmapScaling newScaling) {
        return new HeatmapOverlay(Optional.of(newScaling), opacity, contourShare);
    }

    /** With another opacity of the hottest colour, in [0, 1]. */
    public HeatmapOverlay withOpacity(double newOpacity) {
        return new HeatmapOverlay(scaling, newOpacity, contourShare);
    }

    /** With a contour around another share of the pixels, in [0, 1); 0 for none. */
    public HeatmapOverlay withContour(double newShare) {
        return new HeatmapOverlay(scaling, opacity, newShare);
    }

    HeatmapScaling scalingOf(Heatmap map) {
        return scaling.orElseGet(() -> HeatmapScaling.perImage(map.unit()));
    }

    /**
     * Draws a map over the image that it was made from, and the outline of the lungs, if given.
     *
     * @return RGB, of the image's size
     * @throws IllegalArgumentException if map, image and lungs differ in size
     */
    public RasterImage draw(RasterImage image, Heatmap map, Optional<PixelMask> lungs) {
        requireSameSize(image, map, lungs);
        HeatmapScaling chosen = scalingOf(map);
        double low = chosen.bottom();
        double range = chosen.top(map.raw()) - low;
        ImageEvidence evidence = ImageEvidence.of(map);
        Painting painting = Painting.of(image);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                if (evidence.covers(x, y)) {
                    colour(painting, x, y, (evidence.at(x, y) - low) / range);
                } else {
                    painting.blend(x, y, BLACK, DARKENING);
                }
            }
        }
        int line = Math.max(1, Math.min(image.width(), image.height()) / 400);
        lungs.ifPresent(mask -> painting.outline(mask, LUNGS, line));
        if (contourShare > 0) {
            painting.outline(evidence.hottest(contourShare), CONTOUR, line);
        }
        return painting.toImage();
    }

    private void colour(Painting painting, int x, int y, double share) {
        if (share > 0) {
            double alpha = opacity * Math.min(1, share / FULLY_OPAQUE_FROM);
            painting.blend(x, y, ColourMap.rgb(share), alpha);
        }
    }

    private static void requireSameSize(RasterImage image, Heatmap map, Optional<PixelMask> lungs) {
        boolean mapFits =
                map.placement().imageWidth() == image.width()
                        && map.placement().imageHeight() == image.height();
        boolean lungsFit =
                lungs.map(m -> m.width() == image.width() && m.height() == image.height())
                        .orElse(true);
        if (!mapFits || !lungsFit) {
            throw new IllegalArgumentException(
                    "%s, map for %d x %d pixels%s; expected one size (was the map made from this image?)"
                            .formatted(
                                    image,
                                    map.placement().imageWidth(),
                                    map.placement().imageHeight(),
                                    lungs.map(m -> ", lungs " + m).orElse("")));
        }
    }

    /**
     * Draws the overlay with a title above it, and a legend with values and the notice below it.
     *
     * @return RGB, at least as wide as the image, and higher
     * @throws IllegalArgumentException if map, image and lungs differ in size
     */
    public RasterImage figure(RasterImage image, Heatmap map, Optional<PixelMask> lungs) {
        return new HeatmapFigure(this, map).around(draw(image, map, lungs));
    }

    /** Title, description and disclaimer for {@link org.deepcovid.core.image.PngWriter}. */
    public Map<String, String> texts(Heatmap map) {
        HeatmapScaling chosen = scalingOf(map);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("Title", HeatmapFigure.title(map));
        texts.put(
                "Description",
                "%s from %s to %s; colours from %s to %s"
                        .formatted(
                                map.unit().words(),
                                HeatmapFigure.number(map.raw().min()),
                                HeatmapFigure.number(map.raw().max()),
                                HeatmapFigure.number(chosen.bottom()),
                                HeatmapFigure.number(chosen.top(map.raw()))));
        texts.put("Disclaimer", NOTICE);
        return texts;
    }

    /**
     * Pictures in rows: several methods, networks or images.
     *
     * @param pictures at least one, such as from {@link #figure} or {@link #titled}
     * @param columns pictures per row, positive
     * @return RGB
     * @throws IllegalArgumentException if there is no picture or no column
     */
    public static RasterImage grid(List<RasterImage> pictures, int columns) {
        return HeatmapFigure.grid(pictures, columns);
    }

    /** A picture, such as the unexplained image, with a title above it. */
    public static RasterImage titled(RasterImage picture, String title) {
        return HeatmapFigure.titled(picture, title);
    }
}
