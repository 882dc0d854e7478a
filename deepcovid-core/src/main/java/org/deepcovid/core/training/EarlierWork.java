package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

/**
 * What a fine-tuning found of an earlier run that did not end, where a {@link TrainingJournal} was
 * given.
 *
 * @param kind what was looked for
 * @param finding what became of it
 * @param amount how much was found, counted as the kind says; 0 where there was nothing of use
 */
public record EarlierWork(Kind kind, Finding finding, int amount) {

    /** What a run keeps. */
    public enum Kind {
        /** What frozen layers made of the images; counted in forms of images. */
        FEATURES,
        /** Parameters after the latest epoch of trained layers; counted in epochs. */
        EPOCHS
    }

    /** What became of what was looked for. */
    public enum Finding {
        /** This run goes on from it. */
        USED,
        /** It fits, but the journal was not opened for resuming. */
        NOT_USED,
        /** It is of other weights, another recipe, other images or another machine, and dropped. */
        OF_ANOTHER_RUN,
        /** The journal was opened for resuming, and there was nothing. */
        NONE,
        /** Another run uses the journal, or it cannot be written: this run keeps nothing. */
        CANNOT_KEEP
    }

    /**
     * Checks the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if the amount is negative
     */
    public EarlierWork {
        requireNonNull(kind, "kind is null");
        requireNonNull(finding, "finding is null");
        if (amount < 0) {
            throw new IllegalArgumentException(
                    "amount is %d; expected 0 or more".formatted(amount));
        }
    }
}
