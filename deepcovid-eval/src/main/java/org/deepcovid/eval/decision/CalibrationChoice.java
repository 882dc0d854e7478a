package org.deepcovid.eval.decision;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.ScoreCalibration;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.eval.metrics.ClassScores;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.calibration.ScoreCalibrator;

/** How the scores of a classifier are calibrated. */
public enum CalibrationChoice {
    /** Not at all. */
    NONE {
        @Override
        Optional<ScoreCalibration> fit(List<ScoredImage> raw, String origin) {
            return Optional.empty();
        }
    },
    /** By one temperature; for any number of labels. */
    TEMPERATURE {
        @Override
        Optional<ScoreCalibration> fit(List<ScoredImage> raw, String origin) {
            double temperature =
                    ScoreCalibrator.temperatureScaling(ClassScores.of(raw))
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    ("no temperature fits %s: the scores separate"
                                                         + " the labels, or do no better than"
                                                         + " chance; use another calibration, or"
                                                         + " none")
                                                            .formatted(origin)))
                            .temperature();
            return Optional.of(
                    new ScoreCalibration(
                            ScoreCalibration.Method.TEMPERATURE, 1 / temperature, 0, origin));
        }
    },
    /** By slope and intercept of the logit; for two labels. */
    PLATT {
        @Override
        Optional<ScoreCalibration> fit(List<ScoredImage> raw, String origin) {
            if (raw.get(0).probabilities().labels().several()) {
                throw new IllegalStateException(
                        ("Platt scaling would change the positive label against the rest and leave"
                             + " the %d labels with probabilities that do not add up to 1; use"
                             + " temperature scaling")
                                .formatted(raw.get(0).probabilities().labels().labels().size()));
            }
            ScoreCalibrator.PlattScaling fit = ScoreCalibrator.plattScaling(ScoredLabels.of(raw));
            if (fit.slope() <= 0) {
                throw new IllegalStateException(
                        ("Platt scaling would turn the order of the scores round (slope %.3g): on"
                             + " %s they are worse than chance; look at the labels, or fine-tune"
                             + " again")
                                .formatted(fit.slope(), origin));
            }
            return Optional.of(
                    new ScoreCalibration(
                            ScoreCalibration.Method.PLATT, fit.slope(), fit.intercept(), origin));
        }
    };

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Fits a calibration.
     *
     * @param raw scores of an uncalibrated head that was not fitted to these images; of both
     *     classes
     * @param origin what these images are, in words
     * @throws IllegalStateException if it cannot be fitted; the message says why
     */
    abstract Optional<ScoreCalibration> fit(List<ScoredImage> raw, String origin);
}
