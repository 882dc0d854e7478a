package org.deepcovid.eval.metrics;

import java.util.List;

/**
 * The receiver operating characteristic: sensitivity against false-positive rate at every distinct
 * score, exact under ties. Tied cases share one point, so the order of the rows cannot matter, and
 * neither can a strictly increasing change of all scores.
 *
 * <p>Holds three primitive arrays; a million distinct scores take about 16 MB.
 */
public final class RocCurve {

    private final ScoreGroups groups;

    private RocCurve(ScoreGroups groups) {
        this.groups = groups;
    }

    /**
     * Draws the curve. Takes O(n log n) time.
     *
     * @param labels both classes present; probabilities or any other finite scores
     * @return one point a distinct score, and the one at which no case is called positive
     * @throws IllegalArgumentException if a class is absent
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
     * @return an unmodifiable view that makes its points when asked
     */
    public List<RocPoint> points() {
        return new IndexedList<>(groups.size(), this::point);
    }

    private RocPoint point(int group) {
        return new RocPoint(groups.threshold(group), groups.counts(group));
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
     * @throws IllegalArgumentException if fewer than 3 points are asked for
     */
    public List<RocPoint> simplified(int maxPoints) {
        return CurveSimplifier.roc(groups, maxPoints).mapToObj(this::point).toList();
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
     * The operating point of a threshold, which need not be a score that occurs.
     *
     * @param threshold cases that score at least this are called positive; may be infinite
     * @return counts and rates, with this threshold
     * @throws IllegalArgumentException if the threshold is NaN
     */
    public RocPoint at(double threshold) {
        Checks.requireNumber("threshold", threshold);
        return new RocPoint(threshold, groups.counts(groups.groupAt(threshold)));
    }

    /**
     * Share of the positive cases that score at least a threshold.
     *
     * @param threshold any number, also infinite
     * @return in [0, 1]
     * @throws IllegalArgumentException if the threshold is NaN
     */
    public double sensitivityAt(double threshold) {
        return at(threshold).sensitivity();
    }

    /**
     * Share of the negative cases that score below a threshold.
     *
     * @param threshold any number, also infinite
     * @return in [0, 1]
     * @throws IllegalArgumentException if the threshold is NaN
     */
    public double specificityAt(double threshold) {
        return at(threshold).specificity();
    }

    /**
     * Number of positive cases.
     *
     * @return at least 1
     */
    public int positives() {
        return groups.positives();
    }

    /**
     * Number of negative cases.
     *
     * @return at least 1
     */
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
}
