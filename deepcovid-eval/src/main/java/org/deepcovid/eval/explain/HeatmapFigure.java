package org.deepcovid.eval.explain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelText;
import org.deepcovid.core.image.RasterImage;

/** A title above an overlay; a legend with values and the notice below it; grids of pictures. */
final class HeatmapFigure {

    private static final int MIN_WIDTH = 220;
    private static final int WIDTH_PER_SCALE = 320;
    private static final int BACKGROUND = 0x000000;
    private static final int GAP = 4; // of a grid
    private static final int GRID = 0x404040;
    private static final int INK = 0xE8E8E8;
    private static final String UNSEEN = "Dark: not seen by the network. ";
    private static final int LINE = PixelText.HEIGHT + 3;

    private final HeatmapOverlay overlay;
    private final Heatmap map;

    HeatmapFigure(HeatmapOverlay overlay, Heatmap map) {
        this.overlay = overlay;
        this.map = map;
    }

    static String title(Heatmap map) {
        return String.format(
                Locale.ROOT,
                "%s: model evidence for '%s', score %.3f",
                map.method(),
                map.label(),
                map.score());
    }

    RasterImage around(RasterImage panel) {
        int width = Math.max(panel.width(), MIN_WIDTH);
        int scale = Math.max(1, width / WIDTH_PER_SCALE);
        List<String> title = wrap(title(map), width, scale);
        List<String> notice = wrap(notice(), width, scale);
        int head = (title.size() * LINE + 3) * scale;
        int legend = (3 * LINE + 5) * scale;
        int height = head + panel.height() + legend + (notice.size() * LINE + 3) * scale;
        Painting painting = Painting.blank(width, height, BACKGROUND);
        lines(painting, title, 3 * scale, scale);
        painting.paste(panel, (width - panel.width()) / 2, head);
        legend(painting, width, head + panel.height() + 4 * scale, scale);
        lines(painting, notice, head + panel.height() + legend + scale, scale);
        return painting.toImage();
    }

    private String notice() {
        CropPlacement placement = map.placement();
        boolean square = placement.imageWidth() == placement.imageHeight();
        return (square ? "" : UNSEEN) + HeatmapOverlay.NOTICE;
    }

    /** A title above a picture, for panels of a grid without a map. */
    static RasterImage titled(RasterImage panel, String text) {
        int width = Math.max(panel.width(), MIN_WIDTH);
        int scale = Math.max(1, width / WIDTH_PER_SCALE);
        List<String> title = wrap(text, width, scale);
        int head = (title.size() * LINE + 3) * scale;
        Painting painting = Painting.blank(width, head + panel.height(), BACKGROUND);
        lines(painting, title, 3 * scale, scale);
        painting.paste(panel, (width - panel.width()) / 2, head);
        return painting.toImage();
    }

    /** Rows of pictures, each in the upper left corner of a cell that fits the largest. */
    static RasterImage grid(List<RasterImage> pictures, int columns) {
        if (pictures.isEmpty() || columns <= 0) {
            throw new IllegalArgumentException(
                    "%d pictures in %d columns; expected at least one of each"
                            .formatted(pictures.size(), columns));
        }
        int width = pictures.stream().mapToInt(RasterImage::width).max().orElseThrow() + GAP;
        int height = pictures.stream().mapToInt(RasterImage::height).max().orElseThrow() + GAP;
        int across = Math.min(columns, pictures.size());
        int down = (pictures.size() + columns - 1) / columns;
        Painting painting = Painting.blank(across * width + GAP, down * height + GAP, GRID);
        for (int i = 0; i < pictures.size(); i++) {
            painting.paste(pictures.get(i), GAP + i % columns * width, GAP + i / columns * height);
        }
        return painting.toImage();
    }

    private static void lines(Painting painting, List<String> lines, int top, int scale) {
        for (int i = 0; i < lines.size(); i++) {
            painting.text(lines.get(i), 3 * scale, top + i * LINE * scale, scale, INK);
        }
    }

    /** A colour bar with the values at its ends, and the range of the map. */
    private void legend(Painting painting, int width, int top, int scale) {
        HeatmapScaling scaling = overlay.scalingOf(map);
        int left = 3 * scale;
        int right = width - 3 * scale;
        int barBottom = top + PixelText.HEIGHT * scale;
        for (int x = left; x < right; x++) {
            int colour = ColourMap.rgb((x - left) / (double) (right - left - 1));
            painting.fill(x, top, x + 1, barBottom, colour);
        }
        String low = number(scaling.bottom());
        String high = number(scaling.top(map.raw()));
        int below = top + LINE * scale;
        painting.text(low, left, below, scale, INK);
        painting.text(high, right - PixelText.width(high, scale), below, scale, INK);
        int middle = (width - PixelText.width(map.unit().words(), scale)) / 2;
        painting.text(map.unit().words(), middle, below, scale, INK);
        String range = "map %s to %s".formatted(number(map.raw().min()), number(map.raw().max()));
        painting.text(range, left, below + LINE * scale, scale, INK);
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

    /** Breaks at spaces, and words that are too long for a line. */
    static List<String> wrap(String text, int width, int scale) {
        int maxLength = Math.max(1, (width / scale - 6) / (PixelText.width("a", 1) + 1));
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > maxLength) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
            while (line.length() > maxLength) {
                lines.add(line.substring(0, maxLength));
                line.delete(0, maxLength);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
