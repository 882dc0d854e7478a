package org.deepcovid.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.io.OwnOutputs;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.models.catalogue.CacheSettings;
import picocli.CommandLine.Option;

/**
 * A subcommand that stores the finished parts of a run, so that the same command continues it after
 * an interruption.
 */
abstract class ResumableSubcommand extends OutputSubcommand {

    private static final int DIGITS = 16;
    private static final String RESUME = "--resume";

    @Option(
            names = RESUME,
            arity = "0",
            fallbackValue = "true",
            description = "no effect: an interrupted run is always continued")
    @SuppressWarnings("UnusedVariable") // earlier versions needed it
    private boolean resume;

    private OwnOutputs outputs;

    private OwnOutputs outputs() {
        if (outputs == null) {
            List<String> words = new ArrayList<>(commandLine().getParseResult().originalArgs());
            words.removeIf(RESUME::equals);
            outputs = ownOutputs(Path.of("").toAbsolutePath() + " " + words);
        }
        return outputs;
    }

    /** The outputs of an interrupted run of the same command. */
    static OwnOutputs ownOutputs(String command) {
        return OwnOutputs.recordedIn(folder().resolve("outputs-" + hash(command) + ".properties"));
    }

    @Override
    final void ended() {
        outputs().finish();
        withoutEffect("an interrupted run is always continued", RESUME);
    }

    /** What happens to an existing output; one that this command wrote before may be replaced. */
    final IfExists ifExists(Path output) {
        claim(output);
        return outputs().contains(output) ? IfExists.REPLACE : ifExists();
    }

    /** Writes an output, so that this command recognises it after an interruption. */
    final void write(Path output, BiConsumer<Path, IfExists> writer) {
        if (ifExists() == IfExists.REPLACE) {
            writer.accept(output, IfExists.REPLACE);
        } else {
            outputs().write(output, draft -> writer.accept(draft, IfExists.FAIL));
        }
    }

    /**
     * Fine-tunes; the stored parts are deleted on success.
     *
     * @param about determines the folder of the stored parts
     */
    final <T> T fineTuning(Path about, Function<WorkStore, T> work) {
        return storing(about, folder(about), work);
    }

    /**
     * Scores images; the stored features are deleted on success.
     *
     * @param work receives the classifier with a store and with progress
     */
    final <T> T scoring(Path file, CovidClassifier classifier, Function<CovidClassifier, T> work) {
        String sum = FileHashes.sha256(file);
        String identity = "scores of " + sum + " by " + classifier.engine().runtime();
        Path folder = folder().resolve("scores-" + sum.substring(0, DIGITS));
        return storing(
                file,
                folder,
                store -> {
                    if (store.size() > 0) {
                        remark(
                                "continuing an interrupted run, which scored %d images",
                                store.size());
                    }
                    try (ConsoleProgress progress = progress()) {
                        RunOptions options = RunOptions.defaults().withListener(progress);
                        return work.apply(classifier.with(options.withWork(store), identity));
                    }
                });
    }

    private <T> T storing(Path about, Path folder, Function<WorkStore, T> work) {
        try (WorkStore store = WorkStore.in(folder)) {
            if (!store.keeps()) {
                remark(
                        "another run uses %s, or %s is not writable: this run cannot be continued"
                                + " if it is interrupted",
                        about, folder);
            }
            try {
                T result = work.apply(store);
                store.finish();
                return result;
            } catch (CancellationException e) {
                String next = store.keeps() ? "; the same command continues from there" : "";
                throw (CancellationException)
                        new CancellationException(e.getMessage() + next).initCause(e);
            }
        }
    }

    /** The folder of all unfinished work. */
    static Path folder() {
        return CacheSettings.fromEnvironment().folder().resolveSibling("unfinished");
    }

    /** The folder of the unfinished fine-tuning for an output, or for data without an output. */
    static Path folder(Path about) {
        return folder().resolve("fine-tune-" + hash(about.toAbsolutePath().normalize().toString()));
    }

    static String hash(String text) {
        return FileHashes.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }
}
