package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The receiver operating characteristic: sensitivity against false-positive rate at every distinct
 * score, exact under ties. Tied cases share one point, so the order of the rows cannot matter, and
 * neither can a strictly increasing change of all scores.
 *
 * <p>Holds three primitive arrays; a million distinct scores take about 16 MB.
 */
public final class RocCurve {

    private final ScoreGroups groups;

    RocCurve(ScoreGroups groups) {
        this.groups = groups;
    }

    /**
     * Draws the curve. Takes O(n log n) time.
     *
     * @param labels both classes present; probabilities or any other finite scores
     * @return one point per distinct score, and the one at which no case is called positive
     */
    public static RocCurve of(ScoredLabels labels) {
        labels.requireBothClasses("ROC");
        return new RocCurve(ScoreGroups.of(labels));
    }

    /**
     * All points, from no case called positive (threshold positive infinity, sensitivity 0,
     * specificity 1) to all cases called positive (sensitivity 1, specificity 0), by falling
     * threshold. No point is dropped, also where three lie on one line.
     *
     * @return an unmodifiable view that creates its points on access
     */
    public List<Point> points() {
        return groups.view(0, Point::new);
    }

    /**
     * At most so many of the points, for drawing. Points on a straight line between their
     * neighbours go first, at no loss. If more must go, every other omitted point lies in the
     * rectangle spanned by two neighbouring kept points, whose width and height sum to at most
     * {@code 4 / (maxPoints - 2)}; the drawn line is therefore nowhere further than {@code 1.42 /
     * (maxPoints - 2)} from the curve (0.003 for 500 points).
     *
     * @param maxPoints at least 3
     * @return the first and the last point, and some between, in the same order
     */
    public List<Point> simplified(int maxPoints) {
        return CurveSimplifier.roc(groups, maxPoints).mapToObj(points()::get).toList();
    }

    /**
     * The area under the curve: the probability that a positive case scores higher than a negative
     * one, ties counted half (J. A. Hanley and B. J. McNeil, 1982, doi
     * 10.1148/radiology.143.1.7063747). Counted in integers, so that only the last division rounds.
     *
     * @return in [0, 1]
     */
    public double auc() {
        long twiceWins = 0;
        for (int group = 1; group < groups.size(); group++) {
            long above = groups.truePositives(group - 1);
            twiceWins += groups.negativesIn(group) * (2 * above + groups.positivesIn(group));
        }
        return twiceWins / (2.0 * positives() * negatives());
    }

    /**
     * The standard error of {@link #auc()} for independent cases (E. R. DeLong, D. M. DeLong and D.
     * L. Clarke-Pearson, 1988, doi 10.2307/2531595). Tied cases share their placement, so that one
     * pass over the groups is equivalent to the midranks of X. Sun and W. Xu (2014, doi
     * 10.1109/LSP.2014.2337313).
     *
     * @return at least 0, and 0 after perfect separation; empty if a class has a single case
     */
    public OptionalDouble aucStandardError() {
        if (positives() < 2 || negatives() < 2) {
            return OptionalDouble.empty();
        }
        double auc = auc();
        double positiveSquares = 0;
        double negativeSquares = 0;
        for (int group = 1; group < groups.size(); group++) {
            double positiveOffset = placementOfPositives(group) - auc;
            double negativeOffset = placementOfNegatives(group) - auc;
            positiveSquares += groups.positivesIn(group) * positiveOffset * positiveOffset;
            negativeSquares += groups.negativesIn(group) * negativeOffset * negativeOffset;
        }
        return OptionalDouble.of(
                Math.sqrt(
                        positiveSquares / (positives() - 1.0) / positives()
                                + negativeSquares / (negatives() - 1.0) / negatives()));
    }

    /** Share of the negative cases below the group, those within counted half. */
    private double placementOfPositives(int group) {
        double below = negatives() - groups.falsePositives(group);
        return (below + 0.5 * groups.negativesIn(group)) / negatives();
    }

    /** Share of the positive cases above the group, those within counted half. */
    private double placementOfNegatives(int group) {
        double above = groups.truePositives(group - 1);
        return (above + 0.5 * groups.positivesIn(group)) / positives();
    }

    /**
     * The area with an interval of a chosen method, for independent cases. Where a patient has
     * several images, use a {@link Bootstrap} by patient instead.
     *
     * @param method of the interval
     * @param level confidence level in (0, 1)
     * @return empty if the method is undefined for this curve
     */
    public Optional<AucEstimate> aucEstimate(AucEstimate.Method method, double level) {
        return AucEstimate.of(auc(), aucStandardError(), positives(), negatives(), method, level);
    }

    /**
     * The area with a 95 % interval: DeLong's on the logit scale, or Newcombe's where that is
     * undefined, as after perfect separation.
     *
     * @return estimate that names its method
     */
    public AucEstimate aucEstimate() {
        double level = ConfidenceInterval.DEFAULT_LEVEL;
        return aucEstimate(AucEstimate.Method.DELONG_LOGIT, level)
                .or(() -> aucEstimate(AucEstimate.Method.NEWCOMBE, level))
                .orElseThrow();
    }

    /**
     * The area under a part of the curve.
     *
     * @param axis the rate that the range limits
     * @param from lower end of the range, in [0, 1)
     * @param to upper end of the range, in (0, 1]
     * @return area, which also gives McClish's standardised form
     * @throws IllegalArgumentException if the range is empty or outside [0, 1]
     */
    public PartialAuc partialAuc(PartialAuc.Axis axis, double from, double to) {
        return PartialAuc.of(groups, axis, from, to);
    }

    /**
     * The best sensitivity of the thresholds whose specificity is at least a target, without
     * interpolation between points.
     *
     * @param specificity target in (0, 1]
     * @return in [0, 1]; 0 if only calling no case positive is specific enough
     */
    public double sensitivityAtSpecificity(double specificity) {
        Checks.requireTarget("target specificity", specificity);
        return points().get(groups.lastWithSpecificity(specificity)).sensitivity();
    }

    /**
     * The best specificity of the thresholds whose sensitivity is at least a target, without
     * interpolation between points.
     *
     * @param sensitivity target in (0, 1]
     * @return in [0, 1]
     */
    public double specificityAtSensitivity(double sensitivity) {
        Checks.requireTarget("target sensitivity", sensitivity);
        return points().get(groups.firstWithSensitivity(sensitivity)).specificity();
    }

    /**
     * The operating point of a threshold, which need not be a score that occurs.
     *
     * @param threshold cases that score at least this are called positive; may be infinite
     */
    public Point at(double threshold) {
        Checks.requireNumber("threshold", threshold);
        return new Point(threshold, groups.counts(groups.groupAt(threshold)));
    }

    /** Number of positive cases, at least 1. */
    public int positives() {
        return groups.positives();
    }

    /** Number of negative cases, at least 1. */
    public int negatives() {
        return groups.negatives();
    }

    ScoreGroups groups() {
        return groups;
    }

    @Override
    public String toString() {
        return "RocCurve[%d points, %d positive, %d negative, AUC %s]"
                .formatted(groups.size(), positives(), negatives(), auc());
    }

    /**
     * One operating point of a classifier.
     *
     * @param threshold cases that score at least this are called positive; positive infinity for
     *     the point at which none is
     * @param counts how the cases fall there, both classes present
     */
    public record Point(double threshold, ConfusionMatrix counts) {

        public Point {
            requireNonNull(counts, "counts is null");
            Checks.requireNumber("threshold", threshold);
            if (counts.positives() == 0 || counts.negatives() == 0) {
                throw new IllegalArgumentException(
                        "counts are %s; expected both classes".formatted(counts));
            }
        }

        /** Share of the positive cases called positive, in [0, 1]. */
        public double sensitivity() {
            return counts.truePositives() / (double) counts.positives();
        }

        /** Share of the negative cases called negative, in [0, 1]. */
        public double specificity() {
            return counts.trueNegatives() / (double) counts.negatives();
        }

        /**
         * Share of the negative cases called positive, the horizontal axis of a ROC plot, in [0,
         * 1].
         */
        public double falsePositiveRate() {
            return counts.falsePositives() / (double) counts.negatives();
        }
    }
}
