package org.deepcovid.core.training;

/** What is done about a rare class while the head is trained. */
public enum ClassBalance {
    /** Every image counts once. */
    NONE,
    /**
     * Each class has the same total weight in the cross-entropy: an image of class c counts {@code
     * n / (2 * n_c)}, with n training images (augmented copies included) and n_c of its class.
     */
    WEIGHTED_LOSS
}
