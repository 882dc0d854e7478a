package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.deepcovid.core.ClassProbabilities;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.PredictionListener;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.image.dicom.DicomMetadata;
import org.deepcovid.core.io.WorkStore;

/** Scores many files and reports those that cannot be read. */
final class BatchScorer {

    /** The score of a file, or the reason why it cannot be read. */
    record Outcome(Path file, Optional<Prediction> prediction, Optional<String> problem) {

        static Outcome scored(Path file, Prediction prediction) {
            return new Outcome(file, Optional.of(prediction), Optional.empty());
        }

        static Outcome unreadable(Path file, String problem) {
            return new Outcome(file, Optional.empty(), Optional.of(problem));
        }

        /** What a DICOM header says against the score; the file's beginning is read. */
        Optional<String> remark() {
            return DicomMetadata.of(file)
                    .map(header -> String.join("; ", header.flags()))
                    .filter(flags -> !flags.isEmpty());
        }
    }

    private final CovidClassifier classifier;
    private final WorkStore store;
    private final String identity;
    private final ConsoleProgress progress;

    /**
     * A scorer.
     *
     * @param identity identifies classifier and engine
     */
    BatchScorer(
            CovidClassifier classifier,
            WorkStore store,
            String identity,
            ConsoleProgress progress) {
        this.identity = identity;
        this.classifier = classifier;
        this.store = store;
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
                    if (outcome.prediction().isPresent()) {
                        ClassProbabilities p = outcome.prediction().get().probabilities();
                        scores.add(new ScoredImage(image.id(), image.label(), p));
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
     * @throws CancellationException if the thread was interrupted; names the number of scored
     *     images
     */
    void score(List<Path> files, Consumer<Outcome> consumer) {
        Run run = new Run(files.size(), consumer);
        try {
            classifier.predict(files.stream(), run, store, identity);
        } catch (CancellationException e) {
            throw new CancellationException(
                    "%d of %d images are scored%s"
                            .formatted(
                                    run.done,
                                    files.size(),
                                    store.keeps()
                                            ? "; the same command continues from there"
                                            : ""));
        }
    }

    /** Counts the outcomes and passes them on. */
    private final class Run implements PredictionListener {

        private final int total;
        private final Consumer<Outcome> consumer;
        private int done;

        Run(int total, Consumer<Outcome> consumer) {
            this.total = total;
            this.consumer = consumer;
        }

        @Override
        public void onPrediction(Path file, Prediction prediction) {
            emit(Outcome.scored(file, prediction));
        }

        @Override
        public void onUnreadable(Path file, UnreadableImageException problem) {
            emit(Outcome.unreadable(file, problem.reason()));
        }

        private void emit(Outcome outcome) {
            consumer.accept(outcome);
            done++;
            progress.show("scoring", done, total);
        }
    }
}
