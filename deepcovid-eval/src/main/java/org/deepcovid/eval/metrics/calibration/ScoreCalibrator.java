package org.deepcovid.eval.metrics.calibration;

import org.deepcovid.eval.metrics.ScoreScale;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Turns scores into better probabilities. Fit on validation cases, apply to test cases.
 *
 * <p>Scores enter as probabilities and are taken back to logits. Those nearer than {@value #CLAMP}
 * to 0 or 1 are first moved to that distance, since a network that computes in single precision
 * cannot tell 1 - 0.00000006 from 1, whose logit is infinite. Scores beyond the clamp therefore tie
 * afterwards.
 */
public sealed interface ScoreCalibrator permits TemperatureScaling, PlattScaling {

    /** Nearest distance of a probability to 0 or 1, for its logit to be taken. */
    double CLAMP = 1e-7;

    /**
     * Calibrates one score.
     *
     * @param probability in [0, 1]
     * @return in (0, 1)
     * @throws IllegalArgumentException if the argument is no probability
     */
    double calibrate(double probability);

    /**
     * Calibrates all scores.
     *
     * @param labels with probabilities
     * @return the same cases with calibrated probabilities
     * @throws IllegalArgumentException if the scores are not probabilities
     */
    default ScoredLabels calibrate(ScoredLabels labels) {
        labels.requireProbabilities("calibration");
        return labels.withScores(ScoreScale.PROBABILITY, this::calibrate);
    }

    /**
     * The calibrator in words, for reports.
     *
     * @return one line without a full stop
     */
    String describe();
}
