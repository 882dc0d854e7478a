package org.deepcovid.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.OwnOutputs;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.models.catalogue.CacheSettings;
import picocli.CommandLine.Option;

/** Stores the finished parts of a run, so that the same command continues it. */
final class UnfinishedWork {

    private static final int DIGITS = 16;
    private static final String RESUME = "--resume";

    @Option(
            names = RESUME,
            arity = "0",
            fallbackValue = "true",
            description = "no effect: an interrupted run is always continued")
    @SuppressWarnings("UnusedVariable") // earlier versions needed it
    private boolean resume;

    /** A computation that scores images. */
    @FunctionalInterface
    interface Scoring<T> {
        T with(BatchScorer scorer) throws IOException;
    }

    /**
     * Fine-tunes; the stored parts are deleted on success.
     *
     * @param output determines the folder of the stored parts
     */
    static <T> T fineTuning(Subcommand command, Path output, Function<WorkStore, T> work) {
        try (WorkStore store = WorkStore.in(folder(output))) {
            checkKept(command, store, output, folder(output));
            T result = work.apply(store);
            store.finish();
            return result;
        } catch (CancellationException e) {
            throw (CancellationException)
                    new CancellationException(
                                    e.getMessage() + "; the same command continues from there")
                            .initCause(e);
        }
    }

    /** Scores images; the stored features are deleted on success. */
    static <T> T scoring(Subcommand command, Path file, CovidClassifier classifier, Scoring<T> work)
            throws IOException {
        String sum = FileHashes.sha256(file);
        Path folder = folder().resolve("scores-" + sum.substring(0, DIGITS));
        String identity = "scores of " + sum + " by " + classifier.engine().runtime();
        try (ConsoleProgress progress = command.progress();
                WorkStore store = WorkStore.in(folder)) {
            checkKept(command, store, file, folder);
            if (store.keeps() && store.size() > 0) {
                command.remark(
                        "continuing an interrupted run, which scored %d images", store.size());
            }
            T result = work.with(new BatchScorer(classifier, store, identity, progress));
            store.finish();
            return result;
        }
    }

    private static void checkKept(Subcommand command, WorkStore store, Path file, Path folder) {
        if (!store.keeps()) {
            command.remark(
                    "another run uses %s, or %s is not writable: this run cannot be continued if it"
                            + " is interrupted",
                    file, folder);
        }
    }

    /** The folder of all unfinished work. */
    static Path folder() {
        return CacheSettings.fromEnvironment().folder().resolveSibling("unfinished");
    }

    /** The folder of the unfinished fine-tuning for an output. */
    static Path folder(Path output) {
        return folder().resolve(
                        "fine-tune-" + hash(output.toAbsolutePath().normalize().toString()));
    }

    /** The outputs that the same command had written before it was interrupted. */
    static OwnOutputs outputs(Subcommand command) {
        return outputs(command.commandLine().getParseResult().originalArgs());
    }

    static OwnOutputs outputs(List<String> arguments) {
        List<String> words = new ArrayList<>(arguments);
        words.removeIf(RESUME::equals);
        String name = "outputs-" + hash(Path.of("").toAbsolutePath() + " " + words);
        return OwnOutputs.recordedIn(folder().resolve(name + ".properties"));
    }

    private static String hash(String text) {
        return FileHashes.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }
}
