package org.deepcovid.eval.metrics.calibration;

import java.util.Optional;
import org.deepcovid.eval.metrics.ClassScores;

/**
 * Maximum likelihood of a temperature for any number of classes. The log likelihood is concave in
 * its inverse, so that the root of the derivative is found by bisection.
 */
final class TemperatureFit {

    private static final double LARGEST = 1e6;
    private static final int HALVINGS = 200;

    private final double[][] gaps; // [row][class]: logit of the class - logit of the true class

    private TemperatureFit(ClassScores scores) {
        gaps = new double[scores.size()][scores.names().size()];
        for (int row = 0; row < gaps.length; row++) {
            for (int c = 0; c < gaps[row].length; c++) {
                gaps[row][c] = log(scores, row, c) - log(scores, row, scores.truth(row));
            }
        }
    }

    private static double log(ClassScores scores, int row, int c) {
        return Math.log(Math.max(scores.probability(row, c), Double.MIN_NORMAL));
    }

    /** Empty if the likelihood rises towards an inverse temperature of 0 or of infinity. */
    static Optional<Double> of(ClassScores scores) {
        TemperatureFit fit = new TemperatureFit(scores);
        double low = 0;
        double high = 1;
        while (high < LARGEST && fit.slopeOfLoss(high) < 0) {
            high *= 2;
        }
        if (fit.slopeOfLoss(0) >= 0 || fit.slopeOfLoss(high) <= 0) {
            return Optional.empty();
        }
        for (int step = 0; step < HALVINGS && low < high; step++) {
            double middle = (low + high) / 2;
            if (fit.slopeOfLoss(middle) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Optional.of(1 / high);
    }

    /** Derivative of the negative log likelihood: grows with the inverse temperature. */
    private double slopeOfLoss(double inverse) {
        double slope = 0;
        for (double[] row : gaps) {
            double largest = 0; // gap of the true class
            for (double gap : row) {
                largest = Math.max(largest, inverse * gap);
            }
            double sum = 0;
            double weighted = 0;
            for (double gap : row) {
                double weight = Math.exp(inverse * gap - largest);
                sum += weight;
                weighted += weight * gap;
            }
            slope += weighted / sum;
        }
        return slope;
    }
}
