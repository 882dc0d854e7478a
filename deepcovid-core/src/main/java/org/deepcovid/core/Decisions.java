package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What turns the output of a head into scores and answers. None of it is chosen on test images.
 *
 * @param calibration of the scores; empty if they are the head's own
 * @param threshold on the calibrated scale
 * @param labelSets on the calibrated scale; empty in files of earlier releases
 * @param recalibrations how these were chosen again, the earliest first
 */
public record Decisions(
        Optional<ScoreCalibration> calibration,
        Optional<DecisionThreshold> threshold,
        Optional<LabelSets> labelSets,
        List<Recalibration> recalibrations) {

    public Decisions {
        requireNonNull(calibration, "calibration is null");
        requireNonNull(threshold, "threshold is null");
        requireNonNull(labelSets, "labelSets is null");
        recalibrations = List.copyOf(recalibrations);
    }

    /** The head's own scores, without a threshold. */
    public static Decisions none() {
        return new Decisions(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /** A threshold on the head's own scores. */
    public static Decisions of(DecisionThreshold threshold) {
        return none().withThreshold(threshold);
    }

    /** The same with another threshold, on the same scale. */
    public Decisions withThreshold(DecisionThreshold other) {
        return new Decisions(calibration, Optional.of(other), labelSets, recalibrations);
    }

    /** The same, chosen again. */
    public Decisions withRecalibration(List<Recalibration> earlier, Recalibration last) {
        return new Decisions(
                calibration,
                threshold,
                labelSets,
                Stream.concat(earlier.stream(), Stream.of(last)).toList());
    }

    /** An image that the head scored, as this shows it. */
    public ScoredImage applyTo(ScoredImage raw) {
        return calibration
                .map(
                        change ->
                                new ScoredImage(
                                        raw.imageId(),
                                        raw.truth(),
                                        change.applyTo(raw.probabilities()),
                                        raw.remarks(),
                                        raw.distance()))
                .orElse(raw);
    }

    /** Which scores are shown, in words; one line without a full stop. */
    public String describeScores() {
        return calibration
                .map(change -> "calibrated: " + change.describe())
                .orElse("not calibrated");
    }

    /** Name of the calibration's method, or {@code none}. */
    public String scoresName() {
        return calibration.map(ScoreCalibration::name).orElse("none");
    }

    /**
     * Whether an image was in a sample on which these were chosen again.
     *
     * @param sha256 SHA-256 of the file or of the decoded pixels, in lower-case hexadecimal
     */
    public boolean wereChosenOn(String sha256) {
        return recalibrations.stream().anyMatch(sample -> sample.holds(sha256));
    }
}
