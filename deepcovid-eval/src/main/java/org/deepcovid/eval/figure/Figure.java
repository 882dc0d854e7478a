package org.deepcovid.eval.figure;

import static java.util.Objects.requireNonNull;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * A drawing with a text alternative. Painted once per format; needs fonts, but no display.
 *
 * @param name lower-case letters, digits and hyphens; names files and, in a page, elements
 * @param title one line
 * @param caption shown below the drawing
 * @param description text alternative with the numbers, for screen readers
 * @param width in pixels, positive
 * @param height in pixels, positive
 * @param painter draws it
 */
public record Figure(
        String name,
        String title,
        String caption,
        String description,
        int width,
        int height,
        Painter painter) {

    /** Draws a figure. */
    @FunctionalInterface
    public interface Painter {
        /**
         * Draws once.
         *
         * @param graphics origin at the top left corner of the figure, unit one pixel of it
         */
        void paint(Graphics2D graphics);
    }

    private static final int PNG_SCALE = 2;

    /**
     * @throws IllegalArgumentException if the name has other characters or a size is not positive
     */
    public Figure {
        requireNonNull(name, "name is null");
        requireNonNull(title, "title is null");
        requireNonNull(caption, "caption is null");
        requireNonNull(description, "description is null");
        requireNonNull(painter, "painter is null");
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    "figure name is '%s'; expected lower-case letters, digits and hyphens"
                            .formatted(name));
        }
        if (width <= 0 || height <= 0) {
            throw new IllegalArgumentException(
                    "figure %s has %d x %d pixels; expected positive sizes"
                            .formatted(name, width, height));
        }
    }

    /**
     * The figure as an SVG document of its own, on white.
     *
     * @return complete document, to be encoded as UTF-8
     * @throws IllegalStateException if Java finds no fonts
     */
    public String toSvg() {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + opening(" xmlns=\"http://www.w3.org/2000/svg\"")
                + "<style>"
                + Palette.lightRules()
                + "</style>\n<rect class=\"f-paper\" width=\"100%\" height=\"100%\"/>\n"
                + elements()
                + "</svg>\n";
    }

    /**
     * The figure as an element of an HTML page that holds {@link #pageStyle()}; it has no
     * background, and follows the page's preference for light or dark.
     *
     * @return an {@code svg} element
     * @throws IllegalStateException if Java finds no fonts
     */
    public String toInlineSvg() {
        return opening("") + elements() + "</svg>\n";
    }

    private String opening(String namespace) {
        return ("<svg%s role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " aria-labelledby=\"%s-title %s-description\">\n"
                        + "<title id=\"%s-title\">%s</title>\n"
                        + "<desc id=\"%s-description\">%s</desc>\n")
                .formatted(
                        namespace,
                        width,
                        height,
                        width,
                        height,
                        name,
                        name,
                        name,
                        escaped(title),
                        name,
                        escaped(description));
    }

    private String elements() {
        Fonts.requireUsable();
        return SvgElements.of(name, painter);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * The figure as a PNG file on white, two pixels for each pixel of the figure.
     *
     * @return bytes of the file
     * @throws IllegalStateException if Java finds no fonts
     */
    public byte[] toPng() {
        return toPng(width * PNG_SCALE);
    }

    /**
     * The figure as a PNG file on white.
     *
     * @param pixels width of the picture, positive
     * @return bytes of the file
     * @throws IllegalStateException if Java finds no fonts
     */
    public byte[] toPng(int pixels) {
        if (pixels <= 0) {
            throw new IllegalArgumentException(
                    "picture of %s of %d pixels; expected a positive width"
                            .formatted(name, pixels));
        }
        Fonts.requireUsable();
        double scale = (double) pixels / width;
        BufferedImage image =
                new BufferedImage(
                        pixels, (int) Math.ceil(height * scale), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(
                    RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            // text as wide as it was measured when it was broken into lines
            graphics.setRenderingHint(
                    RenderingHints.KEY_FRACTIONALMETRICS,
                    RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            graphics.setColor(Palette.PAPER.colour());
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.setRenderingHint(
                    RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            graphics.scale(scale, scale);
            painter.paint(graphics);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", bytes)) {
                throw new IllegalStateException("this Java runtime writes no PNG of " + image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Style rules that a page with {@link #toInlineSvg()} elements needs: light colours, dark ones
     * where the browser is set to them, light ones in print.
     *
     * @return CSS text
     */
    public static String pageStyle() {
        return ":root{%s}@media (prefers-color-scheme:dark){:root{%s}}@media print{:root{%s}}%s"
                .formatted(
                        Palette.variables(false),
                        Palette.variables(true),
                        Palette.variables(false),
                        Palette.variableRules());
    }
}
