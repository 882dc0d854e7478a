package org.deepcovid.core.training;

import java.util.List;
import org.deepcovid.core.data.NearCopies;

/**
 * Follows a fine-tuning run and may stop it. Called on the thread that fine-tunes; an exception
 * thrown from here ends the run and reaches the caller.
 */
public interface FineTuneListener {

    /** The parts of a run, in their order. */
    enum Stage {
        /** Reading images and computing their features; counted in images. */
        FEATURES,
        /** Training the head, and layers if the recipe includes them; counted in epochs. */
        HEAD,
        /**
         * Training the heads that score the training images, if a threshold is to be chosen on
         * these too; counted in epochs.
         */
        FOLDS,
        /** Scoring a list of images; counted in images. */
        SCORING
    }

    /** A listener that does nothing. */
    FineTuneListener SILENT = new FineTuneListener() {};

    /**
     * Called when some work is done.
     *
     * @param done units done so far, in [0, total]
     * @param total units in all
     */
    default void onProgress(Stage stage, long done, long total) {}

    /** Called after each epoch. */
    default void onEpoch(EpochSummary summary) {}

    /**
     * Called when a run used finished parts of an interrupted one: images at the end of their
     * stage, epochs before the first that is trained.
     *
     * @param stage {@link Stage#FEATURES} or {@link Stage#HEAD}
     * @param units images or epochs that need not be computed again
     */
    default void onResumed(Stage stage, long units) {}

    /**
     * Called with pairs of training and validation images that show the same picture and have one
     * label; other such pairs are an error.
     */
    default void onNearCopies(List<NearCopies.Copies> pairs) {}

    /**
     * Called between images and between epochs.
     *
     * @return true to end the run with a {@link java.util.concurrent.CancellationException}
     */
    default boolean isCancelled() {
        return false;
    }
}
