package org.deepcovid.core.training;

/**
 * What one epoch did. Losses are mean cross-entropies in nats, weighted as {@link ClassBalance}
 * says; both are measured after the epoch's last update.
 *
 * @param epoch from 1
 * @param trainingLoss over the training images, augmented copies included
 * @param validationLoss over the validation images
 */
public record EpochSummary(int epoch, double trainingLoss, double validationLoss) {}
