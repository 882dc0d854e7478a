package org.deepcovid.cli;

import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.WorkStore;

import picocli.CommandLine.Option;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/** Keeps the finished parts of a fine-tuning, so that the same command continues it. */
final class Resuming {

    private static final int DIGITS = 16;
    private static final String RESUME = "--resume";

    @Option(
            names = RESUME,
            arity = "0",
            fallbackValue = "true",
            description = "no effect: an interrupted run is always continued")
    @SuppressWarnings("UnusedVariable") // accepted, as earlier versions needed it
    private boolean resume;

    /**
     * Runs work whose finished parts are kept until it ends well.
     *
     * @param output names the folder that they are kept in
     */
    static <T> T keeping(Subcommand command, Path output, Function<WorkStore, T> work) {
        try (WorkStore store = WorkStore.in(folder(output), line(command))) {
            if (!store.keeps()) {
                command.remark(
                        "another run for %s is going on, or %s cannot be used: this run cannot be"
                                + " continued if it is interrupted",
                        output, folder(output));
            }
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

    /** Where the unfinished work for an output is kept. */
    static Path folder(Path output) {
        String name = output.toAbsolutePath().normalize().toString();
        String hash = FileHashes.sha256(name.getBytes(StandardCharsets.UTF_8));
        return ScoringOptions.folder().resolve("fine-tune-" + hash.substring(0, DIGITS));
    }

    /** One line that is equal for equal commands in one folder. */
    private static String line(Subcommand command) {
        List<String> words = new ArrayList<>(command.commandLine().getParseResult().originalArgs());
        words.removeIf(RESUME::equals);
        return FileHashes.sha256(
                (Path.of("").toAbsolutePath() + " " + words).getBytes(StandardCharsets.UTF_8));
    }
}
