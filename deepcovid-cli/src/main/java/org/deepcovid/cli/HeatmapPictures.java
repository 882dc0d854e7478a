package org.deepcovid.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapChecks;
import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;
import org.deepcovid.eval.figure.Figure;

/**
 * Writes an overlay per heatmap method at an image's size, and one figure of all of them.
 *
 * @param methods by file name, in the order of the figure
 * @param folder existing
 */
record HeatmapPictures(
        ExplainedModel model,
        Map<String, HeatmapMethod> methods,
        String label,
        HeatmapOverlay overlay,
        FigureChoice choice,
        Path folder,
        IfExists ifExists) {

    private static final double FRAME = 0.1;
    private static final int LONGEST_STEM = 200; // of 255 bytes that file systems allow

    /** The file of the figure, and a line per method. */
    record Written(Path figure, List<String> lines) {}

    /**
     * Explains one image.
     *
     * @param stem start of the file names
     * @param lungs outlined if present, of the image's size
     * @throws org.deepcovid.core.image.UnreadableImageException if the image cannot be read
     * @throws java.io.UncheckedIOException if a picture cannot be written
     */
    Written write(Path file, String stem, Optional<PixelMask> lungs) {
        RasterImage image = Radiograph.of(file).decode();
        String title = file.getFileName().toString();
        List<HeatmapMethod> chosen = List.copyOf(methods.values());
        HeatmapFigure figure =
                choice.dress(HeatmapFigure.of(model, title, image, label, chosen))
                        .withOverlay(overlay)
                        .withLungs(lungs);
        List<String> lines = new ArrayList<>();
        int number = 0;
        for (String name : methods.keySet()) {
            Heatmap map = figure.maps().get(number++);
            Path picture = folder.resolve(stem + "-" + name + ".png");
            PngWriter.write(overlay.draw(image, map, lungs), overlay.texts(map), picture, ifExists);
            lines.add(describe(map, lungs));
        }
        figure.decisive().ifPresent(mask -> lines.add(describe(mask)));
        return new Written(write(stem, figure.figure()), lines);
    }

    private static String describe(PixelMask decisive) {
        double share = (double) decisive.area() / decisive.width() / decisive.height();
        return String.format(
                Locale.ROOT,
                "squares whose occlusion changes the decision cover %.1f %% of the image",
                100 * share);
    }

    private Path write(String stem, Figure figure) {
        Path file = folder.resolve(stem + "-figure.png");
        write(file, figure.toPng(choice.width()));
        if (choice.svg()) {
            write(
                    folder.resolve(stem + "-figure.svg"),
                    figure.toSvg().getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private void write(Path file, byte[] bytes) {
        try {
            AtomicFile.writeIfDifferent(file, ifExists, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + AtomicFile.reason(e), e);
        }
    }

    /** A file's name without its extension, cut where names made of it would be too long. */
    static String stem(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        while (stem.getBytes(StandardCharsets.UTF_8).length > LONGEST_STEM) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem;
    }

    private static String describe(Heatmap map, Optional<PixelMask> lungs) {
        String border = percent(HeatmapChecks.shareInBorder(map, FRAME));
        String inside =
                lungs.map(mask -> percent(HeatmapChecks.shareInside(map, mask)) + " in the lungs, ")
                        .orElse("");
        return String.format(
                Locale.ROOT,
                "%s: score for %s %.4f; of the evidence %s%s in the outer tenth (%.0f %% of the"
                        + " area)",
                map.method(),
                map.label(),
                map.score(),
                inside,
                border,
                100 * HeatmapChecks.areaOfBorder(FRAME));
    }

    private static String percent(OptionalDouble share) {
        return share.isPresent()
                ? String.format(Locale.ROOT, "%.0f %%", 100 * share.getAsDouble())
                : "nothing";
    }
}
