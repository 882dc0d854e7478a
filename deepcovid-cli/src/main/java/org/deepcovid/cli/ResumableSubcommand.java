package org.deepcovid.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final Map<Path, FileChannel> claims = new HashMap<>();
    private OwnOutputs outputs;

    @Override
    public final Integer call() throws IOException {
        List<String> words = new ArrayList<>(commandLine().getParseResult().originalArgs());
        words.removeIf(RESUME::equals);
        String name = "outputs-" + hash(Path.of("").toAbsolutePath() + " " + words);
        outputs = OwnOutputs.recordedIn(folder().resolve(name + ".properties"));
        try {
            int code = run();
            outputs.finish();
            return code;
        } finally {
            for (Map.Entry<Path, FileChannel> claim : claims.entrySet()) {
                Files.deleteIfExists(lock(claim.getKey()));
                claim.getValue().close();
            }
        }
    }

    /** Runs the command and returns its exit code. */
    abstract int run() throws IOException;

    /** What happens to an existing output; one that this command wrote before may be replaced. */
    final IfExists ifExists(Path output) {
        claim(output.toAbsolutePath().normalize());
        return outputs.contains(output) ? IfExists.REPLACE : ifExists();
    }

    /** Keeps other runs from writing the same output until this command ends. */
    private void claim(Path output) {
        if (claims.containsKey(output)) {
            return;
        }
        try {
            Files.createDirectories(folder());
            FileChannel claim =
                    FileChannel.open(
                            lock(output), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isTaken(claim)) {
                claim.close();
                throw new IllegalStateException(
                        "another run is writing %s; wait for it, or choose another output"
                                .formatted(output));
            }
            claims.put(output, claim);
        } catch (IOException e) {
            detail("other runs with the output %s are not noticed: %s", output, e);
        }
    }

    private static Path lock(Path output) {
        return folder().resolve("output-" + hash(output.toString()) + ".lock");
    }

    private static boolean isTaken(FileChannel claim) throws IOException {
        try {
            return claim.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true; // by this process
        }
    }

    /** Writes an output, so that this command recognises it after an interruption. */
    final void write(Path output, BiConsumer<Path, IfExists> writer) {
        if (ifExists() == IfExists.REPLACE) {
            writer.accept(output, IfExists.REPLACE);
        } else {
            outputs.write(output, draft -> writer.accept(draft, IfExists.FAIL));
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

    private static String hash(String text) {
        return FileHashes.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }
}
