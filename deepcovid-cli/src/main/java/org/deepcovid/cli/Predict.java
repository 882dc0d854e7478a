package org.deepcovid.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.PredictionListener;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores image files. */
@Command(
        name = "predict",
        header = "Scores radiographs with a saved classifier.",
        description =
                "Files that cannot be read have an error instead of a score. A remark"
                        + " and a distance above 1 mark images unlike the training images.",
        footer = {
            "",
            "Examples:",
            "  deepcovid predict my.deepcovid image.png",
            "  deepcovid predict my.deepcovid folder/ 'more/*.jpg' --format csv --output"
                    + " scores.csv",
            "",
            "Exit codes: 0 all scored; 1 some files got no score; 3 none did, or another failure."
        })
final class Predict extends ResumableSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    @Mixin private final ImageArguments images = new ImageArguments();

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
            names = "--refuse-unlike",
            description = "give no score to images that are unlike the training images")
    private boolean refuseUnlike;

    @Mixin private final ThresholdOption threshold = new ThresholdOption();
    @Mixin private final ConfidenceOption confidence = new ConfidenceOption();

    @Option(
            names = "--precision",
            paramLabel = "float32|bfloat16",
            description = "of the network, instead of the one that the classifier was made with")
    private Precision precision;

    private final List<String> failures = new ArrayList<>();
    private OptionalDouble sets = OptionalDouble.empty();
    private int scored;
    private int unlike;

    @Override
    int run() throws IOException {
        images.check(this);
        if (output != null) {
            AtomicFile.checkWritable(output, ifExists(output));
        } else {
            withoutEffect("it needs --output", "--overwrite");
        }
        List<Path> files = images.find(this);
        try (CovidClassifier loaded = images.load(this, Optional.ofNullable(precision))) {
            CovidClassifier classifier = threshold.applyTo(loaded, this);
            requireInputCheck(classifier);
            if (classifier.precision() != classifier.provenance().precision()) {
                remark(
                        "scores are computed in %s; the classifier and its threshold were made in"
                                + " %s",
                        classifier.precision().id(), classifier.provenance().precision().id());
            }
            sets = confidence.get(this, classifier);
            remark("scores are %s", classifier.decisions().describeScores());
            scoring(images.classifier(), classifier, scorer -> score(scorer, files));
            if (classifier.threshold().isEmpty()) {
                remark(
                        "the classifier has no threshold, so no image is called %s; set one with"
                                + " --threshold",
                        classifier.labels().positive());
            }
        }
        remark("%s", NOTICE);
        return report(files.size());
    }

    private void requireInputCheck(CovidClassifier classifier) {
        if (classifier.inputCheck().isPresent()) {
            return;
        }
        if (refuseUnlike) {
            throw new IllegalArgumentException(
                    ("--refuse-unlike: %s does not describe its training images; fine-tune again"
                                    + " with this release")
                            .formatted(images.classifier()));
        }
        remark("%s", NO_INPUT_CHECK);
    }

    private int score(CovidClassifier classifier, List<Path> files) {
        if (output == null) {
            write(classifier, files, out());
        } else {
            write(output, (draft, how) -> write(classifier, files, draft, how));
            remark("%d scores written to %s", scored, output);
        }
        return scored;
    }

    private void write(
            CovidClassifier classifier, List<Path> files, Path draft, IfExists ifExists) {
        try {
            AtomicFile.write(
                    draft,
                    ifExists,
                    stream -> {
                        PrintWriter writer =
                                new PrintWriter(
                                        new OutputStreamWriter(stream, StandardCharsets.UTF_8));
                        write(classifier, files, writer);
                        if (writer.checkError()) {
                            throw new IOException("not all could be written; disk full?");
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(output + " was not written: " + AtomicFile.reason(e), e);
        }
    }

    private void write(CovidClassifier classifier, List<Path> files, PrintWriter writer) {
        ShownScores shown = ShownScores.of(classifier, sets);
        format.header(shown).ifPresent(writer::println);
        try (ConsoleProgress progress = progress()) {
            classifier.predict(
                    files.stream(),
                    new PredictionListener() {
                        @Override
                        public void onPrediction(Path file, Prediction prediction) {
                            if (refuseUnlike && prediction.isUnlike()) {
                                refused(file, String.join("; ", prediction.remarks()));
                            } else {
                                scored++;
                                unlike += prediction.isUnlike() ? 1 : 0;
                                line(file, Optional.of(prediction), "");
                            }
                        }

                        @Override
                        public void onUnreadable(Path file, UnreadableImageException problem) {
                            refused(file, problem.reason());
                        }

                        private void refused(Path file, String problem) {
                            failures.add(file + ": " + problem);
                            line(file, Optional.empty(), problem);
                        }

                        private void line(Path file, Optional<Prediction> score, String problem) {
                            writer.println(format.line(shown, file, score, problem));
                            progress.show("scoring", scored + failures.size(), files.size());
                        }
                    });
        } catch (CancellationException e) {
            throw new CancellationException(
                    "%d of %d images are scored".formatted(scored + failures.size(), files.size()));
        }
        writer.flush();
    }

    private int report(int all) {
        if (unlike > 0) {
            remark(
                    "%d of %d images are unlike the training images: do not rely on their scores",
                    unlike, scored);
        }
        if (failures.isEmpty()) {
            return ExitCode.OK;
        }
        warn("%d of %d files got no score", failures.size(), all);
        if (output != null) { // otherwise the errors are among the scores
            failures.forEach(failure -> warn("  %s", failure));
        }
        return scored > 0 ? ExitCode.PARTLY : ExitCode.FAILED;
    }
}
