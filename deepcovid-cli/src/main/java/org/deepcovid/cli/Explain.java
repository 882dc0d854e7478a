package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes heatmaps. */
@Command(
        name = "explain",
        header = "Writes heatmaps of the evidence for a classifier's scores.",
        description =
                "Writes PNG files: an overlay per method at the image's size, and a figure with all"
                        + " of them.",
        footer = {
            "",
            "Examples:",
            "  deepcovid explain my.deepcovid image.png -o heatmaps",
            "  deepcovid explain my.deepcovid images/ -o heatmaps --methods occlusion --stride 8"
                    + " --svg"
        })
final class Explain extends OutputSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    @Mixin private final ImageArguments images = new ImageArguments();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "folder for the pictures; created if missing")
    private Path output;

    @Mixin private final MethodChoice choice = new MethodChoice();

    @Mixin private final FigureChoice figures = new FigureChoice();

    @Option(
            names = "--label",
            paramLabel = "LABEL",
            description = "label whose evidence is shown (default: the positive one)")
    private String label;

    @Option(
            names = "--lungs",
            paramLabel = "FILE",
            description = "lung mask of the size of the one image; white is lung")
    private Path lungsFile;

    @Option(
            names = "--opacity",
            paramLabel = "SHARE",
            description = "opacity of the hottest colour, 0 to 1 (default ${DEFAULT-VALUE})")
    private double opacity = 0.5;

    private final List<String> failures = new ArrayList<>();
    private final Map<String, Integer> stems = new HashMap<>();

    @Override
    int run() throws IOException {
        images.check(this);
        choice.check(this);
        figures.check(this);
        if (!(opacity >= 0 && opacity <= 1)) {
            throw usage("--opacity is %s; expected between 0 and 1", opacity);
        }
        Map<String, HeatmapMethod> chosen = chosenMethods();
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw new IllegalArgumentException(
                    "--output %s is a file; name a folder, new or not".formatted(output));
        }
        claim(output);
        List<Path> files = images.find(this);
        if (lungsFile != null && files.size() > 1) {
            throw usage("--lungs is the mask of one image; %d images are given", files.size());
        }
        Optional<PixelMask> lungs =
                Optional.ofNullable(lungsFile).map(file -> PixelMask.of(ImageDecoder.decode(file)));
        try (CovidClassifier classifier = images.load(this);
                ExplainedModel model = ExplainedModel.of(classifier)) {
            Label explained = label(classifier.labels());
            Files.createDirectories(output);
            if (classifier.inputCheck().isEmpty()) {
                remark("%s", NO_INPUT_CHECK);
            }
            explain(classifier, files, pictures(model, explained, chosen), lungs);
        }
        remark("%s", HeatmapOverlay.NOTICE);
        failures.forEach(failure -> warn("%s", failure));
        return failures.isEmpty()
                ? ExitCode.OK
                : failures.size() < files.size() ? ExitCode.PARTLY : ExitCode.FAILED;
    }

    private Label label(LabelSet labels) {
        return label == null
                ? labels.positive()
                : labels.parse(label)
                        .orElseThrow(
                                () ->
                                        usage(
                                                "--label is '%s'; expected one of %s",
                                                label, labels.labels()));
    }

    private Map<String, HeatmapMethod> chosenMethods() {
        try {
            return choice.methods();
        } catch (IllegalArgumentException e) {
            throw usage("an option of --methods is wrong: %s", e.getMessage());
        }
    }

    private HeatmapPictures pictures(
            ExplainedModel model, Label explained, Map<String, HeatmapMethod> chosen) {
        return new HeatmapPictures(
                model,
                chosen,
                explained.name(),
                HeatmapOverlay.defaults().withOpacity(opacity),
                figures,
                output,
                ifExists());
    }

    private void explain(
            CovidClassifier classifier,
            List<Path> files,
            HeatmapPictures pictures,
            Optional<PixelMask> lungs) {
        try (ConsoleProgress progress = progress()) {
            int done = 0;
            for (Path file : files) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException(
                            "%d of %d images are explained".formatted(done, files.size()));
                }
                explain(classifier, file, pictures, lungs);
                done++;
                if (files.size() > 1) {
                    progress.show("explaining", done, files.size());
                }
            }
        }
    }

    private void explain(
            CovidClassifier classifier,
            Path file,
            HeatmapPictures pictures,
            Optional<PixelMask> lungs) {
        try {
            HeatmapPictures.Written written = pictures.write(file, stem(file), lungs);
            print("%s", file);
            classifier.predict(file).remarks().forEach(text -> print("  remark: %s", text));
            written.lines().forEach(line -> print("  %s", line));
            print("  %s", written.figure());
        } catch (UnreadableImageException e) {
            failures.add(Failures.describe(e));
        }
    }

    /** Images of equal name in several folders are numbered. */
    private String stem(Path file) {
        String stem = HeatmapPictures.stem(file);
        int number = stems.merge(stem, 1, Integer::sum);
        return number == 1 ? stem : stem + "-" + number;
    }
}
