package org.deepcovid.eval.metrics.calibration;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Maximum likelihood of P(target) = sigmoid(slope x + intercept) by Newton's method with halved
 * steps. The likelihood is concave, so any ascent ends at the only maximum; callers ensure that
 * there is one. If both are fitted, x is centred, so that nearly equal values lose no digits.
 */
final class LogisticFit {

    /** Nearest distance of a probability to 0 or 1, for its logit to be taken. */
    static final double CLAMP = 1e-7;

    private static final int MAX_STEPS = 200;
    private static final double LAST_STEP = 1e-7; // Newton's next error is about its square

    private final double[] x;
    private final double[] targets;
    private final boolean fitSlope;
    private final boolean fitIntercept;
    private final double centre;
    private double slope;
    private double centredIntercept;
    // Gradient of the log likelihood and its negative second derivatives, at slope and intercept.
    private double gradientSlope;
    private double gradientIntercept;
    private double curveSlope;
    private double curveBoth;
    private double curveIntercept;

    private LogisticFit(
            double[] x, double[] targets, boolean fitSlope, boolean fitIntercept, double slope) {
        double mean = Arrays.stream(x).average().orElseThrow();
        this.centre = fitSlope && fitIntercept ? mean : 0;
        this.x = Arrays.stream(x).map(value -> value - centre).toArray();
        this.targets = targets;
        this.fitSlope = fitSlope;
        this.fitIntercept = fitIntercept;
        this.slope = slope;
        climb();
    }

    static LogisticFit slopeAndIntercept(double[] x, double[] targets) {
        return new LogisticFit(x, targets, true, true, 0);
    }

    static LogisticFit slopeOnly(double[] x, double[] targets) {
        return new LogisticFit(x, targets, true, false, 1);
    }

    static LogisticFit interceptOnly(double[] x, double[] targets) {
        return new LogisticFit(x, targets, false, true, 1);
    }

    double slope() {
        return slope;
    }

    double intercept() {
        return centredIntercept - slope * centre;
    }

    /** Standard error of the slope by the inverse information. */
    double slopeError() {
        return Math.sqrt(fitIntercept ? curveIntercept / determinant() : 1 / curveSlope);
    }

    /** Standard error of the intercept by the inverse information. */
    double interceptError() {
        double numerator = curveSlope + centre * centre * curveIntercept + 2 * centre * curveBoth;
        return Math.sqrt(fitSlope ? numerator / determinant() : 1 / curveIntercept);
    }

    private void climb() {
        double likelihood = logLikelihood(slope, centredIntercept);
        for (int step = 0; step < MAX_STEPS; step++) {
            derive();
            double slopeStep = fitSlope ? slopeStep() : 0;
            double interceptStep = fitIntercept ? interceptStep() : 0;
            boolean last = isSmall(slopeStep, interceptStep);
            double next = logLikelihood(slope + slopeStep, centredIntercept + interceptStep);
            while (next < likelihood && !isSmall(slopeStep, interceptStep)) {
                slopeStep /= 2;
                interceptStep /= 2;
                next = logLikelihood(slope + slopeStep, centredIntercept + interceptStep);
            }
            slope += slopeStep;
            centredIntercept += interceptStep;
            likelihood = next;
            if (last) {
                break;
            }
        }
        derive();
    }

    private boolean isSmall(double slopeStep, double interceptStep) {
        return Math.max(Math.abs(slopeStep), Math.abs(interceptStep))
                <= LAST_STEP * (1 + Math.abs(slope) + Math.abs(centredIntercept));
    }

    private double slopeStep() {
        return fitIntercept
                ? (curveIntercept * gradientSlope - curveBoth * gradientIntercept) / determinant()
                : gradientSlope / curveSlope;
    }

    private double interceptStep() {
        return fitSlope
                ? (curveSlope * gradientIntercept - curveBoth * gradientSlope) / determinant()
                : gradientIntercept / curveIntercept;
    }

    private double determinant() {
        return curveSlope * curveIntercept - curveBoth * curveBoth;
    }

    private void derive() {
        gradientSlope = gradientIntercept = curveSlope = curveBoth = curveIntercept = 0;
        for (int i = 0; i < x.length; i++) {
            double p = sigmoid(slope * x[i] + centredIntercept);
            double residual = targets[i] - p;
            double weight = p * (1 - p);
            gradientSlope += residual * x[i];
            gradientIntercept += residual;
            curveSlope += weight * x[i] * x[i];
            curveBoth += weight * x[i];
            curveIntercept += weight;
        }
    }

    private double logLikelihood(double trialSlope, double trialIntercept) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double logit = trialSlope * x[i] + trialIntercept;
            double softplus = Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
            sum += targets[i] * logit - softplus;
        }
        return sum;
    }

    /** The logit of a probability that is first moved {@link #CLAMP} away from 0 and 1. */
    static double logit(double probability) {
        if (!(probability >= 0 && probability <= 1)) { // NaN fails too
            throw new IllegalArgumentException(
                    "probability is %s; expected [0, 1] (a logit?)".formatted(probability));
        }
        double clamped = Math.max(CLAMP, Math.min(1 - CLAMP, probability));
        return Math.log(clamped / (1 - clamped));
    }

    static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    static double[] logits(ScoredLabels labels) {
        return IntStream.range(0, labels.size())
                .mapToDouble(row -> logit(labels.score(row)))
                .toArray();
    }

    /** One target for the positive cases and one for the negative ones. */
    static double[] targets(ScoredLabels labels, double ofPositives, double ofNegatives) {
        return IntStream.range(0, labels.size())
                .mapToDouble(row -> labels.isPositive(row) ? ofPositives : ofNegatives)
                .toArray();
    }
}
