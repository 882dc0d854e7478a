/**
 * Two models, several seeds, several groups of cases: {@link
 * org.deepcovid.eval.metrics.ScoredLabels} of the same cases enter, differences with intervals and
 * p-values leave. The bootstrap of a difference is {@link
 * org.deepcovid.eval.metrics.Bootstrap#difference}.
 */
package org.deepcovid.eval.metrics.comparison;
