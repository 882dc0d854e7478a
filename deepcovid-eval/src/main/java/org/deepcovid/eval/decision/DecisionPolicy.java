package org.deepcovid.eval.decision;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.LabelSets;
import org.deepcovid.core.ScoreCalibration;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.eval.metrics.ThresholdRule;

/**
 * How the scores of a classifier become answers: each choice is made on the same scores, none of
 * them of a test image.
 *
 * @param threshold chosen on the calibrated scores
 * @param calibration of the scores
 * @param review the scores around the threshold that are for review; empty for none
 */
public record DecisionPolicy(
        ThresholdRule threshold, CalibrationChoice calibration, Optional<ReviewRule> review) {

    public DecisionPolicy {
        requireNonNull(threshold, "threshold is null");
        requireNonNull(calibration, "calibration is null");
        requireNonNull(review, "review is null");
    }

    /** A threshold on scores that are not calibrated, without reviews. */
    public static DecisionPolicy of(ThresholdRule threshold) {
        return new DecisionPolicy(threshold, CalibrationChoice.NONE, Optional.empty());
    }

    public DecisionPolicy withCalibration(CalibrationChoice other) {
        return new DecisionPolicy(threshold, other, review);
    }

    public DecisionPolicy withReview(ReviewRule rule) {
        return new DecisionPolicy(threshold, calibration, Optional.of(rule));
    }

    /**
     * Chooses on the scores of a fine-tuning.
     *
     * @throws IllegalStateException if no threshold, calibration or review range can be chosen
     */
    public Decisions choose(OutOfFoldScores scores) {
        return choose(scores.all(), scores.describe());
    }

    /**
     * Chooses on scored images.
     *
     * @param raw scores of an uncalibrated classifier that was not fitted to these images; both
     *     classes present
     * @param origin what these images are, in words
     * @return calibration, threshold with review range, and label sets
     * @throws IllegalStateException if no threshold, calibration or review range can be chosen
     */
    public Decisions choose(List<ScoredImage> raw, String origin) {
        Optional<ScoreCalibration> fitted = calibration.fit(raw, origin);
        Decisions scale = new Decisions(fitted, Optional.empty(), Optional.empty(), List.of());
        List<ScoredImage> shown = raw.stream().map(scale::applyTo).toList();
        DecisionThreshold chosen = threshold.choose(shown, origin);
        return new Decisions(
                fitted,
                Optional.of(review.isEmpty() ? chosen : review.get().choose(shown, chosen)),
                Optional.of(LabelSets.of(shown, origin)),
                List.of());
    }
}
