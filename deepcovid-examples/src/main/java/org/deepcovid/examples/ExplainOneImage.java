package org.deepcovid.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapChecks;
import org.deepcovid.eval.explain.HeatmapGrid;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows which places of one radiograph a saved classifier's score rests on. */
@Command(
        name = "ExplainOneImage",
        mixinStandardHelpOptions = true,
        description = {
            "Shows which places of one radiograph a saved classifier's score rests on.",
            "Writes an overlay a method at the image's size, and one figure with all of them.",
            "Research model evidence; not a diagnostic device."
        })
public final class ExplainOneImage implements Callable<Integer> {

    private static final double FRAME = 0.1;

    @Parameters(
            index = "0",
            paramLabel = "CLASSIFIER",
            description = "file that a fine-tuning wrote")
    private Path classifierFile;

    @Parameters(index = "1", paramLabel = "IMAGE", description = "a radiograph")
    private Path imageFile;

    @Parameters(index = "2", paramLabel = "FOLDER", description = "where the PNG files go")
    private Path folder;

    @Option(
            names = "--method",
            split = ",",
            description = "one or more of ${COMPLETION-CANDIDATES}")
    private List<MethodChoice.Name> methods =
            List.of(
                    MethodChoice.Name.CAM,
                    MethodChoice.Name.GRAD_CAM_PP,
                    MethodChoice.Name.OCCLUSION);

    @Mixin private MethodChoice choice = new MethodChoice();

    @Option(names = "--label", description = "covid or non (default ${DEFAULT-VALUE})")
    private String label = CovidLabel.COVID.folderName();

    @Option(
            names = "--lungs",
            description = "mask of the lung fields, of the image's size; white is lung")
    private Path lungsFile;

    @Option(names = "--opacity", description = "of the hottest colour (default ${DEFAULT-VALUE})")
    private double opacity = 0.5;

    @Option(names = "--replace", description = "replace files that exist")
    private boolean replace;

    ExplainOneImage() {}

    /**
     * Runs the example; {@code --help} lists the arguments.
     *
     * @param args classifier file, image file, folder for the pictures
     */
    public static void main(String[] args) {
        Console.run(new ExplainOneImage(), args);
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        RasterImage image = ImageDecoder.decode(imageFile);
        Optional<PixelMask> lungs =
                Optional.ofNullable(lungsFile).map(file -> PixelMask.of(ImageDecoder.decode(file)));
        HeatmapOverlay overlay = HeatmapOverlay.defaults().withOpacity(opacity);
        List<RasterImage> panels = new ArrayList<>();
        panels.add(HeatmapGrid.titled(image, imageFile.getFileName().toString()));
        try (CovidClassifier classifier = CovidClassifier.load(classifierFile);
                ExplainedModel model = ExplainedModel.of(classifier)) {
            for (MethodChoice.Name name : methods) {
                HeatmapMethod method = choice.method(name);
                Heatmap map = method.explain(model, image, label);
                write(name.name(), overlay.draw(image, map, lungs), overlay.texts(map));
                panels.add(overlay.figure(image, map, lungs));
                System.out.println(describe(map, lungs));
            }
        }
        int columns = Math.min(panels.size(), 3);
        Map<String, String> texts = Map.of("Disclaimer", HeatmapOverlay.NOTICE);
        Path figure = write("figure", HeatmapGrid.of(panels, columns), texts);
        System.out.printf("figure written to %s%n%s%n", figure, HeatmapOverlay.NOTICE);
        return 0;
    }

    private Path write(String name, RasterImage picture, Map<String, String> texts) {
        String image = imageFile.getFileName().toString();
        int dot = image.lastIndexOf('.');
        String stem = dot > 0 ? image.substring(0, dot) : image;
        String suffix = name.toLowerCase(Locale.ROOT).replace('_', '-');
        Path file = folder.resolve(stem + "-" + suffix + ".png");
        PngWriter.write(picture, texts, file, replace ? IfExists.REPLACE : IfExists.FAIL);
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
