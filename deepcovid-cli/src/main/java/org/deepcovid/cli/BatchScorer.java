package org.deepcovid.cli;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.PredictionListener;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.io.FileHashes;

/** Scores many files, whatever is wrong with some of them. */
final class BatchScorer {

    /**
     * What became of one file.
     *
     * @param file as it was given
     * @param score empty if the file cannot be read
     * @param problem why it cannot, else empty
     */
    record Outcome(Path file, OptionalDouble score, Optional<String> problem) {

        static Outcome scored(Path file, double score) {
            return new Outcome(file, OptionalDouble.of(score), Optional.empty());
        }

        static Outcome unreadable(Path file, String problem) {
            return new Outcome(file, OptionalDouble.empty(), Optional.of(problem));
        }
    }

    private final CovidClassifier classifier;
    private final Optional<ScoreJournal> journal;
    private final ConsoleProgress progress;

    BatchScorer(
            CovidClassifier classifier, Optional<ScoreJournal> journal, ConsoleProgress progress) {
        this.classifier = classifier;
        this.journal = journal;
        this.progress = progress;
    }

    /** The classifier's own threshold. */
    OptionalDouble threshold() {
        return classifier.threshold().isPresent()
                ? OptionalDouble.of(classifier.threshold().get().value())
                : OptionalDouble.empty();
    }

    /**
     * Scores labelled images.
     *
     * @throws DatasetException naming every file that cannot be read
     */
    List<ScoredImage> score(List<LabelledImage> images) {
        List<ScoredImage> scores = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        score(
                images.stream().map(LabelledImage::file).toList(),
                outcome -> {
                    LabelledImage image = images.get(scores.size() + problems.size());
                    if (outcome.score().isPresent()) {
                        double score = outcome.score().getAsDouble();
                        scores.add(new ScoredImage(image.id(), image.label(), score));
                    } else {
                        problems.add(image.id() + ": " + outcome.problem().orElseThrow());
                    }
                });
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "images to score", problems, "replace these files or leave them out");
        }
        return scores;
    }

    /**
     * Scores files; the outcomes come in their order.
     *
     * @throws CancellationException if the thread was interrupted; says how far it has come
     */
    void score(List<Path> files, Consumer<Outcome> consumer) {
        Run run = new Run(files.size(), consumer);
        try {
            classifier.predict(files.stream().filter(run::isUnknown), run);
            run.emit();
        } catch (CancellationException e) {
            throw new CancellationException(
                    "%d of %d images are scored%s"
                            .formatted(
                                    run.done,
                                    files.size(),
                                    journal.isPresent()
                                            ? "; the same command with --resume goes on from there"
                                            : ""));
        }
    }

    /** A file on its way, with its outcome as soon as there is one. */
    private static final class Waiting {
        private final Optional<String> hash;
        private Optional<Outcome> outcome;

        Waiting(Optional<String> hash, Optional<Outcome> outcome) {
            this.hash = hash;
            this.outcome = outcome;
        }
    }

    /** Puts scores that were known before between those that come, in the order of the files. */
    private final class Run implements PredictionListener {

        private final int total;
        private final Consumer<Outcome> consumer;
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int done;

        Run(int total, Consumer<Outcome> consumer) {
            this.total = total;
            this.consumer = consumer;
        }

        /** Whether a file must be scored; asked once for each file, in order. */
        boolean isUnknown(Path file) {
            Optional<String> hash = hash(file);
            OptionalDouble known =
                    journal.isPresent() && hash.isPresent()
                            ? journal.get().find(hash.get())
                            : OptionalDouble.empty();
            waiting.add(
                    new Waiting(
                            hash,
                            known.isPresent()
                                    ? Optional.of(Outcome.scored(file, known.getAsDouble()))
                                    : Optional.empty()));
            return known.isEmpty();
        }

        private Optional<String> hash(Path file) {
            if (journal.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(FileHashes.sha256(file));
            } catch (UncheckedIOException e) {
                return Optional.empty(); // decoding will say why
            }
        }

        @Override
        public void onPrediction(Path file, Prediction prediction) {
            double score = prediction.covidProbability();
            Waiting next = next();
            next.hash.ifPresent(hash -> journal.orElseThrow().put(hash, score));
            next.outcome = Optional.of(Outcome.scored(file, score));
            emit();
        }

        @Override
        public void onUnreadable(Path file, UnreadableImageException problem) {
            next().outcome = Optional.of(Outcome.unreadable(file, problem.reason()));
            emit();
        }

        private Waiting next() {
            return waiting.stream()
                    .filter(file -> file.outcome.isEmpty())
                    .findFirst()
                    .orElseThrow();
        }

        /** Hands on what is complete. */
        private void emit() {
            int before = done;
            while (!waiting.isEmpty() && waiting.peek().outcome.isPresent()) {
                consumer.accept(waiting.remove().outcome.orElseThrow());
                done++;
            }
            if (done > before) {
                progress.show("scoring", done, total);
            }
        }
    }
}
