package org.deepcovid.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.examples.ConsoleProgress;

/** Scores many files, whatever is wrong with some of them. */
final class BatchScorer {

    private static final int CHUNK = 100;

    /**
     * What became of one file.
     *
     * @param file as it was given
     * @param score empty if the file cannot be read
     * @param problem why it cannot, else empty
     */
    record Outcome(Path file, OptionalDouble score, Optional<String> problem) {}

    private final CovidClassifier classifier;
    private final Optional<ScoreJournal> journal;
    private final ConsoleProgress progress;

    BatchScorer(
            CovidClassifier classifier, Optional<ScoreJournal> journal, ConsoleProgress progress) {
        this.classifier = classifier;
        this.journal = journal;
        this.progress = progress;
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

    /** Scores files; the outcomes come in their order, those of about a hundred at a time. */
    void score(List<Path> files, Consumer<Outcome> consumer) {
        for (int from = 0; from < files.size(); from += CHUNK) {
            int to = Math.min(files.size(), from + CHUNK);
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException(
                        "%d of %d images are scored".formatted(from, files.size()));
            }
            chunk(files.subList(from, to), from, files.size()).forEach(consumer);
        }
    }

    private List<Outcome> chunk(List<Path> files, int before, int total) {
        Map<Path, String> hashes = new HashMap<>();
        Map<Path, Outcome> outcomes = new HashMap<>();
        files.parallelStream().map(BatchScorer::hash).toList().stream()
                .forEach(
                        hashed -> {
                            if (hashed.problem().isPresent()) {
                                outcomes.put(hashed.file(), unreadable(hashed));
                            } else {
                                hashes.put(hashed.file(), hashed.hash());
                                known(hashed).ifPresent(o -> outcomes.put(hashed.file(), o));
                            }
                        });
        List<Path> rest = files.stream().filter(file -> !outcomes.containsKey(file)).toList();
        try {
            classifier.predict(
                    rest,
                    (file, prediction) -> {
                        keep(file, prediction.covidProbability(), hashes, outcomes);
                        progress.show("scoring", (long) before + outcomes.size(), total);
                    });
        } catch (DatasetException e) { // of several; now one by one, to tell which
            rest.stream()
                    .filter(file -> !outcomes.containsKey(file))
                    .forEach(file -> alone(file, hashes, outcomes));
        }
        progress.show("scoring", (long) before + files.size(), total);
        return files.stream().map(outcomes::get).toList();
    }

    private record Hashed(Path file, String hash, Optional<String> problem) {}

    private static Hashed hash(Path file) {
        try {
            return new Hashed(file, FileHashes.sha256(file), Optional.empty());
        } catch (UncheckedIOException e) {
            return new Hashed(file, "", Optional.of(Failures.describe(e.getCause())));
        }
    }

    private static Outcome unreadable(Hashed hashed) {
        return new Outcome(hashed.file(), OptionalDouble.empty(), hashed.problem());
    }

    private Optional<Outcome> known(Hashed hashed) {
        OptionalDouble score =
                journal.map(j -> j.find(hashed.hash())).orElse(OptionalDouble.empty());
        return score.isPresent()
                ? Optional.of(new Outcome(hashed.file(), score, Optional.empty()))
                : Optional.empty();
    }

    private void alone(Path file, Map<Path, String> hashes, Map<Path, Outcome> outcomes) {
        try {
            keep(file, classifier.predict(file).covidProbability(), hashes, outcomes);
        } catch (UnreadableImageException e) {
            outcomes.put(file, new Outcome(file, OptionalDouble.empty(), Optional.of(e.reason())));
        }
    }

    private void keep(
            Path file, double score, Map<Path, String> hashes, Map<Path, Outcome> outcomes) {
        journal.ifPresent(j -> j.put(hashes.get(file), score));
        outcomes.put(file, new Outcome(file, OptionalDouble.of(score), Optional.empty()));
    }

    /** The classifier's own threshold. */
    OptionalDouble threshold() {
        return classifier.threshold().isPresent()
                ? OptionalDouble.of(classifier.threshold().get().value())
                : OptionalDouble.empty();
    }

    /** Forgets the kept scores, since the run has ended well. */
    void finish() throws IOException {
        if (journal.isPresent()) {
            journal.get().finish();
        }
    }
}
