/**
 * Numbers from scores: labels with scores from any model enter as {@link
 * org.deepcovid.eval.metrics.ScoredLabels}, curves, rates with confidence intervals and thresholds
 * leave. Knows no network and no tensor type; usable on its own.
 */
package org.deepcovid.eval.metrics;
