package org.deepcovid.eval.explain;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.HeatmapFigure.Panel;
import org.deepcovid.eval.figure.Fonts;
import org.deepcovid.eval.figure.Palette;

/** Positions of a heatmap figure's parts, and how they are drawn; needs fonts. */
final class HeatmapLayout {

    private static final int MARGIN = 12;
    private static final int GAP = 10;
    private static final int MOST_COLUMNS = 4;
    private static final double HIGHEST = 1.25; // panel's height by its width
    private static final int LINE = 15;
    private static final int BAR = 9;
    private static final int SWATCH = 26;
    private static final float THIN = 1.2f;
    private static final Font HEADING = Fonts.bold(14);
    private static final Font NAME = Fonts.bold(12);
    private static final Font TEXT = Fonts.plain(11);
    private static final Color DECISIVE = new Color(0xFFD23F);
    private static final Color FILM = new Color(0x505050);
    private static final BasicStroke DASHES =
            new BasicStroke(
                    1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4}, 0);
    private static final int TEXT_WIDTH = HeatmapFigure.WIDTH - 2 * MARGIN;
    private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

    private final HeatmapFigure figure;
    private final List<Panel> panels;
    private final Optional<CropPlacement> cropped;
    private final int columns;
    private final int panelWidth;
    private final int pictureWidth;
    private final int panelHeight;
    private final int head;
    private final int foot;
    private final BufferedImage film;
    private final List<String> heading;
    private final List<String> caption;

    HeatmapLayout(HeatmapFigure figure) {
        this.figure = figure;
        RasterImage image = figure.image();
        panels = figure.panels();
        cropped =
                figure.maps().stream()
                        .map(Heatmap::placement)
                        .findFirst()
                        .filter(place -> !HeatmapOverlay.seesAll(place));
        columns = panels.size() <= MOST_COLUMNS ? Math.max(2, panels.size()) : MOST_COLUMNS - 1;
        panelWidth = (TEXT_WIDTH - (columns - 1) * GAP) / columns;
        double scale =
                Math.min(
                        (double) panelWidth / image.width(), HIGHEST * panelWidth / image.height());
        pictureWidth = (int) Math.max(1, Math.round(image.width() * scale));
        panelHeight = (int) Math.max(1, Math.round(image.height() * scale));
        head = LINE * most(panel -> wrap(panel.name(), NAME, panelWidth).size()) + 2;
        foot = 6 + BAR + LINE + 4 + LINE * most(panel -> words(panel).size());
        film = film(image, pictureWidth);
        heading = wrap(figure.title(), HEADING, TEXT_WIDTH);
        caption = wrap(figure.caption(), TEXT, TEXT_WIDTH);
    }

    private int most(ToIntFunction<Panel> lines) {
        return panels.stream().mapToInt(lines).max().orElseThrow();
    }

    private List<String> words(Panel panel) {
        return panel.words().stream()
                .flatMap(words -> wrap(words, TEXT, panelWidth).stream())
                .toList();
    }

    int height() {
        return top(rows()) + legendHeight() + caption.size() * LINE + MARGIN;
    }

    private int rows() {
        return (panels.size() + columns - 1) / columns;
    }

    private int top(int row) {
        return MARGIN + heading.size() * (LINE + 3) + 6 + row * (head + panelHeight + foot + 6);
    }

    void paint(Graphics2D graphics) {
        if (figure.theme() == Palette.Theme.DARK) {
            graphics.setColor(Palette.PAPER.on(figure.theme()));
            graphics.fillRect(0, 0, HeatmapFigure.WIDTH, height() + 1);
        }
        text(graphics, heading, HEADING, Palette.INK, MARGIN, MARGIN);
        for (int i = 0; i < panels.size(); i++) {
            int left = MARGIN + i % columns * (panelWidth + GAP);
            paint(graphics, panels.get(i), left, top(i / columns));
        }
        legend(graphics, top(rows()));
        text(graphics, caption, TEXT, Palette.INK, MARGIN, top(rows()) + legendHeight());
    }

    private void paint(Graphics2D graphics, Panel panel, int left, int top) {
        text(graphics, wrap(panel.name(), NAME, panelWidth), NAME, Palette.INK, left, top);
        int below = top + head + panelHeight + 6;
        picture(graphics, panel, left + (panelWidth - pictureWidth) / 2, top + head);
        panel.map().ifPresent(map -> bar(graphics, map, left, below));
        int words = panel.map().isPresent() ? below + BAR + LINE + 2 : below;
        text(graphics, words(panel), TEXT, Palette.MUTED, left, words);
    }

    /** Without scaling the graphics: SVG files round the factors of transforms. */
    private void picture(Graphics2D graphics, Panel panel, int left, int top) {
        AffineTransform place = AffineTransform.getTranslateInstance(left, top);
        place.scale(
                (double) pictureWidth / figure.image().width(),
                (double) panelHeight / figure.image().height());
        draw(graphics, film, left, top);
        panel.map()
                .map(map -> figure.overlay().layer(map, pictureWidth, panelHeight))
                .ifPresent(layer -> draw(graphics, layer, left, top));
        figure.decisive()
                .filter(mask -> panel.marked())
                .ifPresent(
                        mask -> {
                            draw(graphics, tint(mask), left, top);
                            HeatmapOverlay.line(
                                    graphics,
                                    place.createTransformedShape(Contour.of(mask)),
                                    DECISIVE,
                                    THIN);
                        });
        figure.overlay().drawLines(graphics, place, panel.map(), figure.lungs(), THIN);
        cropped.ifPresent(seen -> seenSquare(graphics, place, HeatmapOverlay.seen(seen)));
    }

    /** Fills the panel with a picture of any resolution. */
    private void draw(Graphics2D graphics, BufferedImage picture, int left, int top) {
        graphics.drawImage(picture, left, top, pictureWidth, panelHeight, null);
    }

    private BufferedImage tint(PixelMask mask) {
        BufferedImage tint =
                new BufferedImage(panelWidth, panelHeight, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < panelHeight; y++) {
            for (int x = 0; x < pictureWidth; x++) {
                boolean inside =
                        mask.contains(
                                (int) ((x + 0.5) * mask.width() / pictureWidth),
                                (int) ((y + 0.5) * mask.height() / panelHeight));
                tint.setRGB(x, y, inside ? 0x70000000 | (DECISIVE.getRGB() & 0xFFFFFF) : 0);
            }
        }
        return tint;
    }

    private void seenSquare(Graphics2D graphics, AffineTransform place, Rectangle2D seen) {
        Rectangle2D edge = place.createTransformedShape(seen).getBounds2D();
        edge.setRect(
                edge.getX() + 0.5, edge.getY() + 0.5, edge.getWidth() - 1, edge.getHeight() - 1);
        graphics.setColor(FILM);
        graphics.setStroke(new BasicStroke(1));
        graphics.draw(edge);
        graphics.setColor(Color.WHITE);
        graphics.setStroke(DASHES);
        graphics.draw(edge);
    }

    /** The colours as they look on middle grey, with the values at both ends. */
    private void bar(Graphics2D graphics, Heatmap map, int left, int top) {
        BufferedImage colours = new BufferedImage(256, 1, BufferedImage.TYPE_INT_ARGB);
        for (int x = 0; x < 256; x++) {
            colours.setRGB(x, 0, figure.overlay().argb(x / 255.0));
        }
        graphics.setColor(FILM);
        graphics.fill(new Rectangle2D.Double(left, top, panelWidth, BAR));
        graphics.drawImage(colours, left, top, panelWidth, BAR, null);
        HeatmapScaling scaling = figure.overlay().scalingOf(map);
        tick(graphics, scaling.bottom(), 0, left, top + BAR);
        tick(graphics, scaling.top(map.raw()), 1, left, top + BAR);
        if (figure.overlay().contour() > 0) {
            graphics.setColor(HeatmapOverlay.CONTOUR);
            graphics.setStroke(new BasicStroke(1.5f));
            double x = left + figure.overlay().contour() * panelWidth;
            graphics.draw(new Line2D.Double(x, top, x, top + BAR));
            tick(
                    graphics,
                    figure.overlay().contourValue(map),
                    figure.overlay().contour(),
                    left,
                    top + BAR);
        }
    }

    private void tick(Graphics2D graphics, double value, double place, int left, int top) {
        String number = HeatmapOverlay.number(value);
        double shift = place * (panelWidth - width(number, TEXT));
        text(graphics, List.of(number), TEXT, Palette.INK, left + shift, top + 1);
    }

    private int legendHeight() {
        return cropped.isEmpty() && figure.lungs().isEmpty() && contours() == 0 ? 0 : LINE + 6;
    }

    private long contours() {
        return figure.overlay().contour() > 0
                ? figure.maps().stream().filter(map -> !map.isWeak()).count()
                : 0;
    }

    private void legend(Graphics2D graphics, int top) {
        double left = MARGIN;
        if (contours() > 0) {
            left =
                    entry(
                            graphics,
                            HeatmapOverlay.CONTOUR,
                            new BasicStroke(1.5f),
                            contourWords(),
                            left,
                            top);
        }
        if (cropped.isPresent()) {
            left = entry(graphics, Color.WHITE, DASHES, "square that the network sees", left, top);
        }
        if (figure.lungs().isPresent()) {
            entry(graphics, HeatmapOverlay.LUNGS, new BasicStroke(1.5f), "lungs", left, top);
        }
    }

    private String contourWords() {
        return "contour at %s of the colour scale"
                .formatted(
                        figure.overlay().contour() == 0.5
                                ? "half"
                                : HeatmapOverlay.number(figure.overlay().contour()));
    }

    private double entry(
            Graphics2D graphics,
            Color colour,
            BasicStroke stroke,
            String words,
            double left,
            int top) {
        graphics.setColor(FILM);
        graphics.fill(new Rectangle2D.Double(left, top, SWATCH, LINE - 3));
        graphics.setColor(colour);
        graphics.setStroke(stroke);
        double middle = top + (LINE - 3) / 2.0;
        graphics.draw(new Line2D.Double(left + 3, middle, left + SWATCH - 3, middle));
        text(graphics, List.of(words), TEXT, Palette.INK, left + SWATCH + 6, top - 1);
        return left + SWATCH + 6 + width(words, TEXT) + 2 * GAP;
    }

    private void text(
            Graphics2D graphics,
            List<String> lines,
            Font font,
            Palette colour,
            double left,
            double top) {
        graphics.setColor(colour.on(figure.theme()));
        graphics.setFont(font);
        for (int i = 0; i < lines.size(); i++) {
            graphics.drawString(
                    lines.get(i), (float) left, (float) (top + i * LINE + font.getSize()));
        }
    }

    /** Copies a picture, halved until it is less than four times as wide as it is drawn. */
    private static BufferedImage film(RasterImage image, double drawn) {
        BufferedImage film = resized(image.toBufferedImage(), image.width(), image.height());
        while (film.getWidth() >= 4 * drawn) {
            film = resized(film, film.getWidth() / 2, film.getHeight() / 2);
        }
        return film;
    }

    private static BufferedImage resized(BufferedImage picture, int width, int height) {
        BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = copy.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return copy;
    }

    private static double width(String text, Font font) {
        return font.getStringBounds(text, METRICS).getWidth();
    }

    /** Breaks at spaces, and words that are too long for a line. */
    static List<String> wrap(String text, Font font, double width) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && width(longer, font) > width) {
                lines.add(line);
                longer = word;
            }
            line = longer;
            while (width(line, font) > width && line.length() > 1) {
                int end = line.length() - 1;
                while (end > 1 && width(line.substring(0, end), font) > width) {
                    end--;
                }
                lines.add(line.substring(0, end));
                line = line.substring(end);
            }
        }
        lines.add(line);
        return lines;
    }
}
