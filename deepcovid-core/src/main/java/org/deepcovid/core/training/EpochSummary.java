package org.deepcovid.core.training;

/**
 * What one epoch did. Losses are mean cross-entropies in nats, weighted as {@link ClassBalance}
 * says.
 *
 * @param epoch from 1
 * @param trainingLoss over the forms of the training images that the epoch saw, each measured just
 *     before the update that its batch made
 * @param validationLoss over the validation images, after the epoch's last update
 */
public record EpochSummary(int epoch, double trainingLoss, double validationLoss) {}
