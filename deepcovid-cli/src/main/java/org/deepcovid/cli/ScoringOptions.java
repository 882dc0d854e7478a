package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.models.catalogue.CacheSettings;
import picocli.CommandLine.Option;

/** Options of commands that score many images. */
final class ScoringOptions {

    @Option(
            names = "--resume",
            arity = "0",
            fallbackValue = "true",
            description = "use the scores that an interrupted run with this classifier left")
    private boolean resume;

    /** Work with the images that a classifier scores; the journal is closed at its end. */
    @FunctionalInterface
    interface Work<T> {
        T with(BatchScorer scorer) throws IOException;
    }

    /** Runs work with a scorer; kept scores are forgotten if it ends well. */
    <T> T scoring(Subcommand command, Path file, CovidClassifier classifier, Work<T> work)
            throws IOException {
        Optional<ScoreJournal> journal = journal(command, file, classifier);
        try (ConsoleProgress progress = command.progress()) {
            T result = work.with(new BatchScorer(classifier, journal, progress));
            if (journal.isPresent()) {
                journal.get().finish();
            }
            return result;
        } finally {
            if (journal.isPresent()) {
                journal.get().close();
            }
        }
    }

    private Optional<ScoreJournal> journal(
            Subcommand command, Path file, CovidClassifier classifier) {
        Path folder = folder();
        try {
            Optional<ScoreJournal> journal =
                    ScoreJournal.open(
                            folder, FileHashes.sha256(file), classifier.engine().runtime(), resume);
            if (journal.isEmpty()) {
                command.remark("another run scores with %s: this one cannot be resumed", file);
            } else if (journal.get().earlier() > 0) {
                command.remark(
                        resume
                                ? "going on from %d scores of an interrupted run"
                                : "an interrupted run left %d scores; --resume would use them",
                        journal.get().earlier());
            } else if (resume) {
                command.remark("no interrupted run with %s to resume; starting anew", file);
            }
            return journal;
        } catch (IOException e) {
            command.remark(
                    "scores cannot be kept in %s (%s): this run cannot be resumed",
                    folder, Failures.describe(e));
            return Optional.empty();
        }
    }

    /** Where unfinished work is kept. */
    static Path folder() {
        return CacheSettings.fromEnvironment().folder().resolveSibling("unfinished");
    }
}
