package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Precision against recall at every distinct score, exact under ties. Unlike the ROC curve it
 * depends on the prevalence: compare two curves only if they come from the same cases.
 */
public final class PrecisionRecallCurve {

    private final ScoreGroups groups;

    PrecisionRecallCurve(ScoreGroups groups) {
        this.groups = groups;
    }

    /**
     * Draws the curve. Takes O(n log n) time.
     *
     * @param labels at least one positive case; probabilities or any other finite scores
     * @return one point per distinct score
     * @throws IllegalArgumentException if there is no positive case
     */
    public static PrecisionRecallCurve of(ScoredLabels labels) {
        if (labels.positives() == 0) {
            throw new IllegalArgumentException(
                    ("the list of %d cases has 0 positive cases; the precision-recall curve needs"
                                    + " at least one")
                            .formatted(labels.size()));
        }
        return new PrecisionRecallCurve(ScoreGroups.of(labels));
    }

    /**
     * All points by falling threshold, that is by rising recall. There is no point at recall 0 and
     * precision 1, which other libraries add: no threshold attains it.
     *
     * @return an unmodifiable view that creates its points on access
     */
    public List<Point> points() {
        return groups.view(1, Point::new);
    }

    /**
     * At most so many of the points, for drawing. The axis of recall is cut into {@code (maxPoints
     * - 2) / 2} equal strips; of each strip the points of lowest and highest precision are kept. An
     * omitted point thus lies within a strip's width in recall of two kept points that enclose its
     * precision (0.004 for 500 points).
     *
     * @param maxPoints at least 4
     * @return the first and the last point, and some between, in the same order
     */
    public List<Point> simplified(int maxPoints) {
        return CurveSimplifier.precisionRecall(groups, maxPoints)
                .mapToObj(group -> points().get(group - 1))
                .toList();
    }

    /**
     * Average precision: the sum over the points of the rise in recall times the precision there, a
     * step function without interpolation, which would be too optimistic (J. Davis and M. Goadrich,
     * 2006, doi 10.1145/1143844.1143874).
     *
     * @return in (0, 1]
     */
    public double averagePrecision() {
        double sum = 0;
        for (int group = 1; group < groups.size(); group++) {
            double truePositives = groups.truePositives(group);
            double called = truePositives + groups.falsePositives(group);
            sum += groups.positivesIn(group) * (truePositives / called);
        }
        return sum / groups.positives();
    }

    /**
     * The precision, at every recall, of scores that know nothing: the prevalence.
     *
     * @return in (0, 1]
     */
    public double noSkillPrecision() {
        return groups.positives() / (double) (groups.positives() + groups.negatives());
    }

    @Override
    public String toString() {
        return "PrecisionRecallCurve[%d points, average precision %s, no skill %s]"
                .formatted(groups.size() - 1, averagePrecision(), noSkillPrecision());
    }

    /**
     * Precision and recall at one threshold.
     *
     * @param threshold cases that score at least this are called positive
     * @param counts how the cases fall there; some case is positive and some is called so
     */
    public record Point(double threshold, ConfusionMatrix counts) {

        public Point {
            requireNonNull(counts, "counts is null");
            Checks.requireNumber("threshold", threshold);
            if (counts.positives() == 0 || counts.calledPositive() == 0) {
                throw new IllegalArgumentException(
                        "counts are %s; expected a positive case and one called positive"
                                .formatted(counts));
            }
        }

        /**
         * Share of the cases called positive that are; the positive predictive value, in [0, 1].
         */
        public double precision() {
            return counts.truePositives() / (double) counts.calledPositive();
        }

        /** Share of the positive cases called positive; the sensitivity, in [0, 1]. */
        public double recall() {
            return counts.truePositives() / (double) counts.positives();
        }
    }
}
