package org.deepcovid.eval.metrics;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The share of wrong calls among the cases that are answered, against the share that is answered,
 * the most certain first (Y. Geifman and R. El-Yaniv, Selective Classification for Deep Neural
 * Networks, 2017, arXiv 1705.08500). A case is the more certain, the further its logit is from that
 * of the threshold.
 *
 * @param points one for each distinct distance, the furthest first; the last answers every case
 * @param area mean risk over 1, 2, ... all cases answered (AURC), 0 at best; the errors of equally
 *     certain cases are spread evenly over them
 */
public record RiskCoverage(List<Point> points, double area) {

    private static final double CLAMP = 1e-12;

    /**
     * The answered cases down to a distance.
     *
     * @param answered number of cases
     * @param errors wrong calls among them
     * @param cases all of them
     */
    public record Point(int answered, int errors, int cases) {

        /** Share of the cases that are answered, in (0, 1]. */
        public double coverage() {
            return answered / (double) cases;
        }

        /** Share of wrong calls among them, in [0, 1]. */
        public double risk() {
            return errors / (double) answered;
        }
    }

    public RiskCoverage {
        points = List.copyOf(points);
    }

    /**
     * Computes the curve.
     *
     * @param labels with probabilities
     * @param threshold in [0, 1]; a case that scores at least this is called positive
     */
    public static RiskCoverage of(ScoredLabels labels, double threshold) {
        requireNonNull(labels, "labels is null");
        labels.requireProbabilities("the risk-coverage curve");
        double centre = logit(threshold);
        double[] distance =
                IntStream.range(0, labels.size())
                        .mapToDouble(row -> Math.abs(logit(labels.score(row)) - centre))
                        .toArray();
        List<Integer> rows =
                IntStream.range(0, labels.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(row -> -distance[row]))
                        .toList();
        List<Point> points = new ArrayList<>();
        int errors = 0;
        for (int i = 0; i < rows.size(); i++) {
            int row = rows.get(i);
            errors += labels.isPositive(row) == (labels.score(row) >= threshold) ? 0 : 1;
            if (i + 1 == rows.size() || distance[rows.get(i + 1)] < distance[row]) {
                points.add(new Point(i + 1, errors, rows.size()));
            }
        }
        return new RiskCoverage(points, area(points));
    }

    private static double area(List<Point> points) {
        double sum = 0;
        Point before = new Point(0, 0, 0);
        for (Point point : points) {
            int tied = point.answered() - before.answered();
            double each = (point.errors() - before.errors()) / (double) tied;
            for (int i = 1; i <= tied; i++) {
                sum += (before.errors() + i * each) / (before.answered() + i);
            }
            before = point;
        }
        return sum / before.answered();
    }

    private static double logit(double probability) {
        double inside = Math.max(CLAMP, Math.min(1 - CLAMP, probability));
        return Math.log(inside / (1 - inside));
    }

    /**
     * The point with the largest coverage up to a share; the first point if there is none.
     *
     * @param coverage in (0, 1]
     */
    public Point at(double coverage) {
        Point best = points.get(0);
        for (Point point : points) {
            best = point.coverage() <= coverage ? point : best;
        }
        return best;
    }
}
