package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.explain.ExplainedModel;
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
        Optional<PixelMask> lungs =
                Optional.ofNullable(lungsFile).map(file -> PixelMask.of(ImageDecoder.decode(file)));
        Map<String, HeatmapMethod> chosen = new LinkedHashMap<>();
        methods.forEach(name -> chosen.put(name.name(), choice.method(name)));
        try (CovidClassifier classifier = CovidClassifier.load(classifierFile);
                ExplainedModel model = ExplainedModel.of(classifier)) {
            HeatmapPictures.Written written =
                    new HeatmapPictures(
                                    model,
                                    chosen,
                                    label,
                                    HeatmapOverlay.defaults().withOpacity(opacity),
                                    folder,
                                    replace ? IfExists.REPLACE : IfExists.FAIL)
                            .write(imageFile, HeatmapPictures.stem(imageFile), lungs);
            written.lines().forEach(System.out::println);
            System.out.printf(
                    "figure written to %s%n%s%n", written.figure(), HeatmapOverlay.NOTICE);
        }
        return 0;
    }
}
