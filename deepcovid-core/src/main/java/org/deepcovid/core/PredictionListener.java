package org.deepcovid.core;

import java.nio.file.Path;
import org.deepcovid.core.image.UnreadableImageException;

/** Is told what became of each of many files, in the order of the files, as it comes. */
@FunctionalInterface
public interface PredictionListener {

    /**
     * A file was scored.
     *
     * @param file as it was given
     * @param prediction its score and, with a threshold, label
     */
    void onPrediction(Path file, Prediction prediction);

    /**
     * A file cannot be decoded. Unless this method is overridden, it throws the problem, which ends
     * the run.
     *
     * @param file as it was given
     * @param problem why
     */
    default void onUnreadable(Path file, UnreadableImageException problem) {
        throw problem;
    }
}
