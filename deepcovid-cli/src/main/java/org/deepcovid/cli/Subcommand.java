package org.deepcovid.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.FolderFiles;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.inference.Precision;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A subcommand: results go to standard output, remarks and progress to standard error. */
abstract class Subcommand implements Callable<Integer> {

    static final String CLASSIFIER = "file of a saved classifier";
    static final String DATA = "folder or CSV manifest";
    static final String NOTICE = "Scores of a research model. Not a diagnostic device.";

    static final String NO_INPUT_CHECK =
            "no input check: this classifier does not describe its training images";

    @ParentCommand private DeepCovid app;
    @Spec private CommandSpec spec;
    private Optional<XrayDataset.Survey> survey = Optional.empty();

    final CommandLine commandLine() {
        return spec.commandLine();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Prints a line of the result. */
    final void print(String format, Object... values) {
        out().println(PlainText.of(String.format(Locale.ROOT, format, values)));
        out().flush();
    }

    /** Prints a remark, unless --quiet is set. */
    final void remark(String format, Object... values) {
        if (!app.quiet) {
            warn(format, values);
        }
    }

    /** Prints how the data were read, and keeps it for the report. */
    final void survey(XrayDataset.Survey read) {
        survey = Optional.of(read);
        read.readings().forEach(source -> source.describe().forEach(line -> remark("%s", line)));
    }

    final Optional<XrayDataset.Survey> survey() {
        return survey;
    }

    /** Prints a remark only with {@code -v}. */
    final void detail(String format, Object... values) {
        if (app.verbose.length > 0) {
            warn(format, values);
        }
    }

    /** Prints a warning, even with --quiet. */
    final void warn(String format, Object... values) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(PlainText.of(String.format(Locale.ROOT, format, values)));
        err.flush();
    }

    final ConsoleProgress progress() {
        return app.progress(line -> warn("%s", line));
    }

    /** Called between uninterruptible steps. */
    static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("nothing was done");
        }
    }

    final long seed() {
        return app.seed;
    }

    final ProcessContext context() {
        return app.context;
    }

    final NetworkOptions.Source networks() {
        return app.networks;
    }

    final ConfigFiles config() {
        return app.config;
    }

    final boolean isGiven(String option) {
        return commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Says which options of the command line have no effect. */
    final void withoutEffect(String reason, String... options) {
        Stream.of(options)
                .filter(this::isGiven)
                .forEach(option -> remark("%s has no effect: %s", option, reason));
    }

    /** Checks the value of an option. */
    final int positive(String option, int value) {
        if (value < 1) {
            throw usage("%s is %d; expected at least 1", option, value);
        }
        return value;
    }

    final CovidClassifier load(Path classifier, List<String> others) {
        return load(classifier, others, Optional.empty());
    }

    /** Loads a classifier; the message says so if an image comes first. */
    final CovidClassifier load(
            Path classifier, List<String> others, Optional<Precision> precision) {
        if (Files.isRegularFile(classifier) && !isZip(classifier)) {
            for (String other : others) {
                Path path = ImageFiles.path(other);
                if (path != null && Files.isRegularFile(path) && isZip(path)) {
                    throw usage(
                            "the classifier comes first: %s looks like one, and %s is none",
                            other, classifier);
                }
            }
        }
        requireClassifier(classifier);
        return precision.isPresent()
                ? CovidClassifier.load(classifier, precision.get())
                : CovidClassifier.load(classifier);
    }

    /** Refuses an image or folder as the classifier, which was forgotten. */
    final void requireClassifier(Path classifier) {
        boolean image =
                Files.isRegularFile(classifier)
                        && !isZip(classifier)
                        && FolderFiles.isImage(classifier);
        if (image || Files.isDirectory(classifier)) {
            throw usage(
                    "the classifier comes first, and %s is %s; give the file of a saved classifier"
                            + " (deepcovid fine-tune makes one) before it",
                    classifier, image ? "an image" : "a folder");
        }
    }

    private static boolean isZip(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(4), new byte[] {'P', 'K', 3, 4});
        } catch (IOException e) {
            return false; // reported by the command itself
        }
    }

    /** An error in the command line that picocli does not detect. */
    final ParameterException usage(String format, Object... values) {
        return new ParameterException(
                spec.commandLine(), String.format(Locale.ROOT, format, values));
    }
}
