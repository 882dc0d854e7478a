package org.deepcovid.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.io.OwnOutputs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores image files. */
@Command(
        name = "predict",
        header = "Scores radiographs with a saved classifier.",
        description = "Files that cannot be read are listed at the end; all others are scored.",
        footer = {
            "",
            "Examples:",
            "  deepcovid predict my.deepcovid image.png",
            "  deepcovid predict my.deepcovid folder/ 'more/*.jpg' --format csv --output"
                    + " scores.csv",
            "",
            "Exit codes: 0 all scored; 1 some files could not be read; 3 none could, or another",
            "failure."
        })
final class Predict extends OutputSubcommand {

    @Parameters(index = "0", paramLabel = "CLASSIFIER", description = "file of a saved classifier")
    private Path classifierFile;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "IMAGE",
            description =
                    "files, folders (searched recursively), or quoted patterns; @FILE for a list")
    private List<String> images;

    @Option(
            names = "--format",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})",
            paramLabel = "FORMAT")
    private PredictionFormat format = PredictionFormat.TABLE;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "file to write instead of standard output, when all images are scored")
    private Path output;

    @Option(
            names = "--threshold",
            paramLabel = "SCORE",
            description = "lowest score called positive (default: the classifier's threshold)")
    private Double threshold;

    @SuppressWarnings("UnusedVariable") // declares --resume
    @Mixin
    private final UnfinishedWork unfinished = new UnfinishedWork();

    private final List<BatchScorer.Outcome> failures = new ArrayList<>();
    private LabelSet labels;
    private int scored;

    @Override
    public Integer call() throws IOException {
        if (threshold != null && !Double.isFinite(threshold)) {
            throw usage("--threshold is %s; expected a number such as 0.5", threshold);
        }
        OwnOutputs outputs = UnfinishedWork.outputs(this);
        if (output != null) {
            AtomicFile.checkWritable(output, ifExists(overwrite() || outputs.contains(output)));
        }
        ImageFiles files = ImageFiles.find(images);
        if (!files.passedOver().isEmpty()) {
            remark(
                    "skipped %d files in folders without an image's extension, such as %s",
                    files.passedOver().size(), files.passedOver().get(0));
        }
        try (CovidClassifier loaded = CovidClassifier.load(classifierFile)) {
            CovidClassifier classifier = withThreshold(loaded);
            labels = classifier.labels();
            UnfinishedWork.scoring(
                    this, classifierFile, classifier, scorer -> score(scorer, files, outputs));
            if (classifier.threshold().isEmpty()) {
                remark(
                        "the classifier has no threshold, so no image is called %s; set one with"
                                + " --threshold",
                        labels.positive());
            }
        }
        remark("%s", NOTICE);
        int code = report(files.files().size());
        outputs.finish();
        return code;
    }

    private Integer score(BatchScorer scorer, ImageFiles files, OwnOutputs outputs) {
        if (output == null) {
            write(scorer, files, out());
            return scored;
        }
        if (overwrite()) {
            write(scorer, files, output, IfExists.REPLACE);
        } else {
            outputs.write(output, draft -> write(scorer, files, draft, IfExists.FAIL));
        }
        remark("%d scores written to %s", scored, output);
        return scored;
    }

    private void write(BatchScorer scorer, ImageFiles files, Path file, IfExists ifExists) {
        try {
            AtomicFile.write(
                    file,
                    ifExists,
                    stream -> {
                        PrintWriter writer =
                                new PrintWriter(
                                        new OutputStreamWriter(stream, StandardCharsets.UTF_8));
                        write(scorer, files, writer);
                        if (writer.checkError()) {
                            throw new IOException("not all could be written; disk full?");
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(output + " was not written: " + e.getMessage(), e);
        }
    }

    private void write(BatchScorer scorer, ImageFiles files, PrintWriter writer) {
        format.header(labels).ifPresent(writer::println);
        scorer.score(
                files.files(),
                outcome -> {
                    writer.println(format.line(labels, outcome));
                    if (outcome.prediction().isPresent()) {
                        scored++;
                    } else {
                        failures.add(outcome);
                    }
                });
        writer.flush();
    }

    private CovidClassifier withThreshold(CovidClassifier classifier) {
        return threshold == null
                ? classifier
                : classifier.withThreshold(
                        new DecisionThreshold(
                                threshold, "given on the command line", "no images"));
    }

    private int report(int all) {
        if (failures.isEmpty()) {
            return ExitCode.OK;
        }
        warn("%d of %d files could not be read:", failures.size(), all);
        failures.forEach(f -> warn("  %s: %s", f.file(), f.problem().orElseThrow()));
        return scored > 0 ? ExitCode.PARTLY : ExitCode.FAILED;
    }
}
