package org.deepcovid.core;

import java.nio.file.Path;
import org.deepcovid.core.image.UnreadableImageException;

/** Receives the result of each of many files, in the order of the files. */
@FunctionalInterface
public interface PredictionListener {

    /**
     * A file was scored.
     *
     * @param prediction its score and, with a threshold, label
     */
    void onPrediction(Path file, Prediction prediction);

    /**
     * A file cannot be decoded. Unless this method is overridden, it throws the problem, which ends
     * the run.
     */
    default void onUnreadable(Path file, UnreadableImageException problem) {
        throw problem;
    }
}
