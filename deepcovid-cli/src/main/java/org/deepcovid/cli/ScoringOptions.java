package org.deepcovid.cli;

import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.models.catalogue.CacheSettings;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;

/** Options of commands that score many images. */
final class ScoringOptions {

    private static final int DIGITS = 16;

    @Option(
            names = "--resume",
            arity = "0",
            fallbackValue = "true",
            description = "no effect: an interrupted run is always continued")
    @SuppressWarnings("UnusedVariable") // accepted, as earlier versions needed it
    private boolean resume;

    /** Work with the images that a classifier scores. */
    @FunctionalInterface
    interface Work<T> {
        T with(BatchScorer scorer) throws IOException;
    }

    /** Runs work with a scorer; kept features are deleted if it ends well. */
    static <T> T scoring(Subcommand command, Path file, CovidClassifier classifier, Work<T> work)
            throws IOException {
        String sum = FileHashes.sha256(file);
        Path folder = folder().resolve("scores-" + sum.substring(0, DIGITS));
        String network = "scores of " + sum + " by " + classifier.engine().runtime();
        try (ConsoleProgress progress = command.progress();
                WorkStore store = WorkStore.in(folder, network)) {
            if (!store.keeps()) {
                command.remark(
                        "another run scores with %s, or %s cannot be used: this run cannot be"
                                + " continued if it is interrupted",
                        file, folder);
            } else if (store.size() > 0) {
                command.remark(
                        "continuing an interrupted run, which scored %d images", store.size());
            }
            T result = work.with(new BatchScorer(classifier, store, progress));
            store.finish();
            return result;
        }
    }

    /** Where unfinished work is kept. */
    static Path folder() {
        return CacheSettings.fromEnvironment().folder().resolveSibling("unfinished");
    }
}
