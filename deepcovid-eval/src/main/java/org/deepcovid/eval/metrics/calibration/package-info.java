/**
 * Whether a score of 0.8 means eight in ten. {@link org.deepcovid.eval.metrics.ScoredLabels} with
 * probabilities enter; reliability bins, scores of calibration, and calibrators fitted on
 * validation cases leave.
 */
package org.deepcovid.eval.metrics.calibration;
