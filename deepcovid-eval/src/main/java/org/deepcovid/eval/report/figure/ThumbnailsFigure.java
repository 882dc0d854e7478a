package org.deepcovid.eval.report.figure;

import static java.util.Objects.requireNonNull;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.Collectors;

/** Small pictures with captions, in rows. */
public final class ThumbnailsFigure {

    private static final int COLUMNS = 3;
    private static final int GAP = 8;
    private static final int SIDE = (Charts.WIDTH - GAP) / COLUMNS - GAP;
    private static final int CAPTION = 24;
    private static final int TITLE = 34;

    private ThumbnailsFigure() {}

    /**
     * A picture and what it is.
     *
     * @param image drawn as a square
     * @param caption a few words, cut where they are too long
     */
    public record Tile(BufferedImage image, String caption) {

        /**
         * Checks the components.
         *
         * @throws NullPointerException if a component is null
         */
        public Tile {
            requireNonNull(image, "image is null");
            requireNonNull(caption, "caption is null");
        }
    }

    /**
     * Lays pictures out.
     *
     * @param name of the figure
     * @param title of the figure
     * @param tiles row by row, at least one
     * @return the figure
     * @throws IllegalArgumentException if there is no tile
     */
    public static Figure of(String name, String title, List<Tile> tiles) {
        if (tiles.isEmpty()) {
            throw new IllegalArgumentException("there are 0 pictures; expected at least one");
        }
        List<Tile> copy = List.copyOf(tiles);
        int rows = (copy.size() + COLUMNS - 1) / COLUMNS;
        return new Figure(
                name,
                title,
                "Small pictures.",
                copy.stream().map(Tile::caption).collect(Collectors.joining("; ")),
                Charts.WIDTH,
                TITLE + rows * (SIDE + CAPTION) + GAP,
                graphics -> paint(graphics, title, copy));
    }

    private static void paint(Graphics2D graphics, String title, List<Tile> tiles) {
        graphics.setColor(Palette.INK.colour());
        graphics.setFont(Fonts.bold(15));
        int width = graphics.getFontMetrics().stringWidth(title);
        graphics.drawString(title, (Charts.WIDTH - width) / 2, 22);
        Font font = Fonts.plain(12);
        graphics.setFont(font);
        FontMetrics metrics = graphics.getFontMetrics();
        for (int i = 0; i < tiles.size(); i++) {
            int x = GAP + i % COLUMNS * (SIDE + GAP);
            int y = TITLE + i / COLUMNS * (SIDE + CAPTION);
            graphics.drawImage(tiles.get(i).image(), x, y, SIDE, SIDE, null);
            graphics.drawString(fitting(tiles.get(i).caption(), metrics), x, y + SIDE + 16);
        }
    }

    private static String fitting(String caption, FontMetrics metrics) {
        String text = caption;
        while (metrics.stringWidth(text) > SIDE) {
            text = text.substring(0, text.length() - 2) + "\u2026";
        }
        return text;
    }
}
