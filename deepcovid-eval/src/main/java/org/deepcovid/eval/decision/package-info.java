/**
 * From scores to answers: calibration, threshold, review range and label sets, all chosen on scores
 * of images that are not test images. Out-of-fold scores of a fine-tuning, or a classifier with a
 * sample of a new source, enter; {@link org.deepcovid.core.Decisions} leave.
 */
package org.deepcovid.eval.decision;
