package org.deepcovid.eval.metrics;

import java.util.OptionalDouble;

/**
 * How to choose the threshold from which on a case is called positive. Choose on validation cases
 * and apply to the test cases once: a threshold fitted to the test cases flatters them.
 *
 * <p><b>Where a fitted threshold lies.</b> Every threshold above one score and up to the next
 * higher one calls the validation cases alike. The rules return the midpoint of that gap, or the
 * lowest score itself if all cases are called positive. A threshold on the score itself would miss
 * that very case as soon as it is scored again with the last digit changed - on another processor,
 * by another engine, after a round trip through a text file - and between well separated classes it
 * would lean against one of them; the midpoint gives both sides the same room. The price is that
 * the value (never the decisions on the validation cases) depends on the scale of the scores.
 */
public sealed interface ThresholdRule
        permits FixedThreshold, SensitivityAtLeast, SpecificityAtLeast, YoudenIndex, CostWeighted {

    /**
     * Chooses the threshold.
     *
     * @param validation curve of the validation cases
     * @return a finite threshold, or empty if calling no case positive is all that satisfies the
     *     rule
     */
    OptionalDouble choose(RocCurve validation);

    /**
     * The rule in words, for reports.
     *
     * @return one line without a full stop
     */
    String describe();
}
