package org.deepcovid.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.training.EarlierWork;
import org.deepcovid.core.training.TrainingJournal;
import picocli.CommandLine.Option;

/** Options of a command that fine-tunes, to go on from an interrupted run for the same output. */
final class Resuming {

    private static final int DIGITS = 16;

    @Option(
            names = "--resume",
            arity = "0",
            fallbackValue = "true",
            description = "go on from what an interrupted run for this output left")
    private boolean resume;

    /**
     * Runs work that keeps what it does; that is forgotten if the work ends well.
     *
     * @param output names the job
     */
    <T> T keeping(Path output, Function<TrainingJournal, T> work) {
        try (TrainingJournal journal = TrainingJournal.in(folder(output), earlier())) {
            T result = work.apply(journal);
            journal.finish();
            return result;
        } catch (CancellationException e) {
            throw (CancellationException)
                    new CancellationException(
                                    e.getMessage()
                                            + "; the same command with --resume goes on from there")
                            .initCause(e);
        }
    }

    private TrainingJournal.Earlier earlier() {
        return resume ? TrainingJournal.Earlier.RESUME : TrainingJournal.Earlier.IGNORE;
    }

    /** Where the unfinished work for an output is kept. */
    static Path folder(Path output) {
        String name = output.toAbsolutePath().normalize().toString();
        String hash = FileHashes.sha256(name.getBytes(StandardCharsets.UTF_8));
        return ScoringOptions.folder().resolve("fine-tune-" + hash.substring(0, DIGITS));
    }

    /** Shows progress and tells what an earlier run left. */
    static ConsoleProgress progress(Subcommand command, Path output) {
        return command.progress(found -> tell(command, output, found));
    }

    private static void tell(Subcommand command, Path output, EarlierWork found) {
        String what =
                found.kind() == EarlierWork.Kind.FEATURES
                        ? "the features of %d forms of images".formatted(found.amount())
                        : "%d epochs".formatted(found.amount());
        switch (found.finding()) {
            case USED -> command.remark("going on from %s of an interrupted run", what);
            case NOT_USED ->
                    command.remark("an interrupted run left %s; --resume would use them", what);
            case OF_ANOTHER_RUN ->
                    command.remark(
                            "what an interrupted run for %s left is of other images, another"
                                    + " configuration or another machine; starting anew",
                            output);
            case NONE ->
                    command.remark("no interrupted run for %s to resume; starting anew", output);
            case CANNOT_KEEP ->
                    command.remark(
                            "another run for %s is going on, or %s has no room: this run cannot be"
                                    + " resumed",
                            output, folder(output));
        }
    }
}
