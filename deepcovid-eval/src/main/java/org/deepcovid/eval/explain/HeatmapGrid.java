package org.deepcovid.eval.explain;

import java.util.List;
import org.deepcovid.core.image.RasterImage;

/** Pictures side by side: several methods, networks or images. */
public final class HeatmapGrid {

    private static final int GAP = 4;
    private static final int BACKGROUND = 0x404040;

    private HeatmapGrid() {}

    /**
     * Lays pictures out in rows, each in the upper left corner of a cell that fits the largest.
     *
     * @param pictures at least one, such as {@link HeatmapOverlay#figure} draws
     * @param columns pictures in a row, positive
     * @return RGB
     * @throws IllegalArgumentException if there is no picture or no column
     */
    public static RasterImage of(List<RasterImage> pictures, int columns) {
        if (pictures.isEmpty() || columns <= 0) {
            throw new IllegalArgumentException(
                    "%d pictures in %d columns; expected at least one of each"
                            .formatted(pictures.size(), columns));
        }
        int width = pictures.stream().mapToInt(RasterImage::width).max().orElseThrow() + GAP;
        int height = pictures.stream().mapToInt(RasterImage::height).max().orElseThrow() + GAP;
        int across = Math.min(columns, pictures.size());
        int down = (pictures.size() + columns - 1) / columns;
        Painting painting = Painting.blank(across * width + GAP, down * height + GAP, BACKGROUND);
        for (int i = 0; i < pictures.size(); i++) {
            painting.paste(pictures.get(i), GAP + i % columns * width, GAP + i / columns * height);
        }
        return painting.toImage();
    }

    /**
     * A picture with a title above it, for instance the unexplained image.
     *
     * @param picture any image
     * @param title wrapped to the picture's width
     * @return RGB, higher than the picture
     */
    public static RasterImage titled(RasterImage picture, String title) {
        return HeatmapFigure.titled(picture, title);
    }
}
