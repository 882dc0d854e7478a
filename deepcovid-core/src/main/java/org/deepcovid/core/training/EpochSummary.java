package org.deepcovid.core.training;

/**
 * Losses of an epoch: mean cross-entropies in nats, weighted by {@link ClassBalance}.
 *
 * @param epoch from 1
 * @param trainingLoss over the training images of the epoch, each before the update by its batch
 * @param validationLoss over the validation images, after the epoch's last update
 */
public record EpochSummary(int epoch, double trainingLoss, double validationLoss) {}
