package org.deepcovid.eval.metrics.calibration;

import org.deepcovid.eval.metrics.ScoredLabels;

/** Probabilities as log odds, clamped as {@link ScoreCalibrator} says. */
final class Logits {

    private Logits() {}

    static double of(double probability) {
        if (!(probability >= 0 && probability <= 1)) { // NaN fails too
            throw new IllegalArgumentException(
                    "probability is %s; expected [0, 1] (a logit?)".formatted(probability));
        }
        double clamped =
                Math.max(ScoreCalibrator.CLAMP, Math.min(1 - ScoreCalibrator.CLAMP, probability));
        return Math.log(clamped / (1 - clamped));
    }

    static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    static double[] of(ScoredLabels labels) {
        double[] logits = new double[labels.size()];
        for (int row = 0; row < logits.length; row++) {
            logits[row] = of(labels.score(row));
        }
        return logits;
    }

    /** 1 for positive cases and 0 for negative ones. */
    static double[] targets(ScoredLabels labels) {
        double[] targets = new double[labels.size()];
        for (int row = 0; row < targets.length; row++) {
            targets[row] = labels.isPositive(row) ? 1 : 0;
        }
        return targets;
    }
}
