package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;

/**
 * Draws heatmaps over their images, at the images' own size. Opacity grows with the evidence, so
 * places without evidence keep their colour. The area outside the network's crop is darkened:
 * unknown is not the same as no evidence. A map of weak evidence has no contour.
 *
 * @param scaling from evidence to colour; empty for {@link HeatmapScaling#perImage}
 * @param opacity of the hottest colour, in [0, 1]
 * @param contour position of the contour on the colour scale, in [0, 1); 0 draws none
 */
public record HeatmapOverlay(Optional<HeatmapScaling> scaling, double opacity, double contour) {

    /** Part of every figure and every file. */
    public static final String NOTICE =
            "Evidence of a research model, not a diagnosis. Not a diagnostic device.";

    private static final double DARKENING = 0.4; // outside the network's crop
    private static final double FULLY_OPAQUE_FROM = 0.4; // of the scale
    private static final Color HALO = new Color(0, 0, 0, 150);

    static final Color CONTOUR = Color.WHITE;
    static final Color LUNGS = new Color(0x30D5F0);

    public HeatmapOverlay {
        requireNonNull(scaling, "scaling is null");
        if (!(opacity >= 0 && opacity <= 1 && contour >= 0 && contour < 1)) {
            throw new IllegalArgumentException(
                    "opacity %s, contour %s; expected [0, 1] and [0, 1)"
                            .formatted(opacity, contour));
        }
    }

    /** Scaling per image, opacity 0.5, a contour at half of the scale. */
    public static HeatmapOverlay defaults() {
        return new HeatmapOverlay(Optional.empty(), 0.5, 0.5);
    }

    /** With a given scaling, such as one range for several maps. */
    public HeatmapOverlay withScaling(HeatmapScaling newScaling) {
        return new HeatmapOverlay(Optional.of(newScaling), opacity, contour);
    }

    /** With another opacity of the hottest colour, in [0, 1]. */
    public HeatmapOverlay withOpacity(double newOpacity) {
        return new HeatmapOverlay(scaling, newOpacity, contour);
    }

    /** With a contour at another position on the colour scale, in [0, 1); 0 for none. */
    public HeatmapOverlay withContour(double newContour) {
        return new HeatmapOverlay(scaling, opacity, newContour);
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
        int width = image.width();
        int height = image.height();
        BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = canvas.createGraphics();
        graphics.drawImage(image.toBufferedImage(), 0, 0, null);
        graphics.drawImage(layer(map, width, height), 0, 0, null);
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        float thickness = Math.max(1, Math.min(width, height) / 400f);
        drawLines(graphics, new AffineTransform(), Optional.of(map), lungs, thickness);
        graphics.dispose();
        return rgb(canvas);
    }

    private static RasterImage rgb(BufferedImage picture) {
        int width = picture.getWidth();
        int[] values =
                picture.getRaster().getPixels(0, 0, width, picture.getHeight(), (int[]) null);
        byte[] samples = new byte[values.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) values[i];
        }
        return RasterImage.of(width, picture.getHeight(), 3, samples);
    }

    /**
     * The colours of a map, transparent where there is no evidence.
     *
     * @param width of the picture, which covers the whole image
     * @param height of the picture
     */
    BufferedImage layer(Heatmap map, int width, int height) {
        CropPlacement placement = map.placement();
        HeatmapScaling chosen = scalingOf(map);
        double low = chosen.bottom();
        double range = chosen.top(map.raw()) - low;
        int outside = (int) Math.round(255 * DARKENING) << 24;
        BufferedImage layer = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int row = 0; row < height; row++) {
            double y = (row + 0.5) * placement.imageHeight() / height;
            for (int column = 0; column < width; column++) {
                double x = (column + 0.5) * placement.imageWidth() / width;
                boolean seen = placement.covers((int) x, (int) y);
                layer.setRGB(column, row, seen ? argb((map.valueAt(x, y) - low) / range) : outside);
            }
        }
        return layer;
    }

    /** Colour and opacity at a position on the scale. */
    int argb(double share) {
        double alpha = share > 0 ? opacity * Math.min(1, share / FULLY_OPAQUE_FROM) : 0;
        return (int) Math.round(255 * alpha) << 24 | ColourMap.rgb(share);
    }

    /**
     * Draws contour and lungs.
     *
     * @param place of the image on the graphics
     */
    void drawLines(
            Graphics2D graphics,
            AffineTransform place,
            Optional<Heatmap> map,
            Optional<PixelMask> lungs,
            float thickness) {
        lungs.map(Contour::of)
                .map(place::createTransformedShape)
                .ifPresent(edge -> line(graphics, edge, LUNGS, thickness));
        map.filter(shown -> contour > 0 && !shown.isWeak())
                .map(m -> Contour.of(seen(m.placement()), m::valueAt, contourValue(m)))
                .map(place::createTransformedShape)
                .ifPresent(
                        path -> {
                            line(graphics, path, HALO, 2 * thickness);
                            line(graphics, path, CONTOUR, thickness);
                        });
    }

    static void line(Graphics2D graphics, Shape path, Color colour, float thickness) {
        graphics.setColor(colour);
        graphics.setStroke(
                new BasicStroke(thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(path);
    }

    /** Evidence on the contour. */
    double contourValue(Heatmap map) {
        HeatmapScaling chosen = scalingOf(map);
        return chosen.bottom() + contour * (chosen.top(map.raw()) - chosen.bottom());
    }

    /** The square that the network sees, in the image. */
    static Rectangle2D seen(CropPlacement placement) {
        Rectangle2D seen = new Rectangle2D.Double();
        seen.setFrameFromDiagonal(
                placement.imageX(0),
                placement.imageY(0),
                placement.imageX(placement.inputSize()),
                placement.imageY(placement.inputSize()));
        return seen;
    }

    /** Whether the network sees the image to all edges, to half a pixel. */
    static boolean seesAll(CropPlacement placement) {
        Rectangle2D seen = seen(placement);
        return seen.getWidth() > placement.imageWidth() - 0.5
                && seen.getHeight() > placement.imageHeight() - 0.5;
    }

    static void requireSameSize(RasterImage image, Heatmap map, Optional<PixelMask> lungs) {
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

    /** Title, description and disclaimer for {@link org.deepcovid.core.image.PngWriter}. */
    public Map<String, String> texts(Heatmap map) {
        HeatmapScaling chosen = scalingOf(map);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(
                "Title",
                String.format(
                        Locale.ROOT,
                        "%s: model evidence for '%s', score %.3f",
                        map.method(),
                        map.label(),
                        map.score()));
        texts.put(
                "Description",
                "%s from %s to %s; colours from %s to %s"
                        .formatted(
                                map.unit().words(),
                                number(map.raw().min()),
                                number(map.raw().max()),
                                number(chosen.bottom()),
                                number(chosen.top(map.raw()))));
        texts.put("Disclaimer", NOTICE);
        return texts;
    }

    /** Three significant digits, without the zeros at the end. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
        return Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6
                ? rounded.toPlainString()
                : rounded.toString();
    }
}
