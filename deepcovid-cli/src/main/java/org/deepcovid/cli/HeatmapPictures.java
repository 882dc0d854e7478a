package org.deepcovid.cli;

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
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapChecks;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;
import org.deepcovid.eval.explain.OcclusionResult;

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
        Path folder,
        IfExists ifExists) {

    private static final double FRAME = 0.1;
    private static final int MOST_COLUMNS = 3;
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
        List<RasterImage> panels = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        panels.add(HeatmapOverlay.titled(image, file.getFileName().toString()));
        methods.forEach(
                (name, method) -> {
                    Optional<OcclusionResult> covering = covering(method, image);
                    Heatmap map =
                            covering.map(
                                            result ->
                                                    result.map(
                                                            ((HeatmapMethod.Occlusion) method)
                                                                    .measure()))
                                    .orElseGet(() -> method.explain(model, image, label));
                    write(stem, name, overlay.draw(image, map, lungs), overlay.texts(map));
                    panels.add(overlay.figure(image, map, lungs));
                    lines.add(describe(map, lungs));
                    covering.map(OcclusionResult::flips)
                            .ifPresent(mask -> addFlips(mask, panels, lines));
                });
        Map<String, String> texts = Map.of("Disclaimer", HeatmapOverlay.NOTICE);
        int columns = Math.min(panels.size(), MOST_COLUMNS);
        return new Written(
                write(stem, "figure", HeatmapOverlay.grid(panels, columns), texts), lines);
    }

    private Optional<OcclusionResult> covering(HeatmapMethod method, RasterImage image) {
        return method instanceof HeatmapMethod.Occlusion occlusion
                ? Optional.of(occlusion.occlude(model, image, label))
                : Optional.empty();
    }

    /** The paper's occlusion picture. */
    private static void addFlips(PixelMask mask, List<RasterImage> panels, List<String> lines) {
        String title =
                mask.area() == 0
                        ? "No occluded square changes the decision"
                        : "White: occluding a square here changes the decision";
        panels.add(HeatmapOverlay.titled(mask.toImage(), title));
        double share = (double) mask.area() / mask.width() / mask.height();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "squares whose occlusion changes the decision cover %.1f %% of the image",
                        100 * share));
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

    private Path write(String stem, String name, RasterImage picture, Map<String, String> texts) {
        String suffix = name.toLowerCase(Locale.ROOT).replace('_', '-');
        Path file = folder.resolve(stem + "-" + suffix + ".png");
        PngWriter.write(picture, texts, file, ifExists);
        return file;
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
