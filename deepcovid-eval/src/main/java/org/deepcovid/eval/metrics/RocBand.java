package org.deepcovid.eval.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pointwise confidence band of a ROC curve: at each false-positive rate of a grid, an interval of
 * the sensitivity. The level holds for each rate separately, not for the curve as a whole.
 *
 * @param points by rising false-positive rate, from 0 to 1
 */
public record RocBand(List<Point> points) {

    public RocBand {
        points = List.copyOf(points);
    }

    /**
     * One place of the band.
     *
     * @param falsePositiveRate in [0, 1]
     * @param sensitivity of the curve there, interpolated between its points; the highest where the
     *     curve rises vertically
     * @param interval of the sensitivity
     */
    public record Point(
            double falsePositiveRate, double sensitivity, ConfidenceInterval interval) {}

    /**
     * Bootstraps the band.
     *
     * @param labels both classes present
     * @param clusters which cases belong together; {@link Clusters#singletons} if none do
     * @param bootstrap replicates, seed and level; the band takes plain percentiles
     * @param gridPoints at least 2, evenly spaced over [0, 1]
     * @throws IllegalArgumentException if a class is absent, clusters and cases differ in number,
     *     or the grid is too small
     */
    public static RocBand of(
            ScoredLabels labels, Clusters clusters, Bootstrap bootstrap, int gridPoints) {
        if (gridPoints < 2) {
            throw new IllegalArgumentException(
                    "gridPoints is %d; expected at least 2".formatted(gridPoints));
        }
        double[] rates =
                IntStream.range(0, gridPoints).mapToDouble(i -> i / (gridPoints - 1.0)).toArray();
        double[] curve = sensitivities(RocCurve.of(labels), rates);
        double[][] replicates = replicates(labels, clusters, bootstrap, rates);
        return new RocBand(
                IntStream.range(0, gridPoints)
                        .mapToObj(
                                i ->
                                        new Point(
                                                rates[i],
                                                curve[i],
                                                Percentiles.interval(
                                                        Arrays.stream(replicates)
                                                                .mapToDouble(row -> row[i])
                                                                .toArray(),
                                                        bootstrap.level())))
                        .toList());
    }

    private static double[][] replicates(
            ScoredLabels labels, Clusters clusters, Bootstrap bootstrap, double[] rates) {
        Resampler resampler = new Resampler(labels, clusters, bootstrap.seed());
        Resampler.Replicates source = new Resampler.Replicates(labels);
        return IntStream.range(0, bootstrap.replicates())
                .mapToObj(i -> source.replicate(resampler.next()))
                .map(drawn -> sensitivities(RocCurve.of(drawn), rates))
                .toArray(double[][]::new);
    }

    /** The curve at ascending false-positive rates, in one walk. */
    private static double[] sensitivities(RocCurve curve, double[] rates) {
        ScoreGroups groups = curve.groups();
        double[] found = new double[rates.length];
        int group = 0;
        for (int i = 0; i < rates.length; i++) {
            while (group + 1 < groups.size() && falseRate(groups, group + 1) <= rates[i]) {
                group++;
            }
            found[i] = interpolate(groups, group, rates[i]);
        }
        return found;
    }

    private static double interpolate(ScoreGroups groups, int group, double rate) {
        double positives = groups.positives();
        double here = groups.truePositives(group) / positives;
        if (group + 1 == groups.size()) {
            return here;
        }
        double left = falseRate(groups, group);
        double share = (rate - left) / (falseRate(groups, group + 1) - left);
        return here + share * groups.positivesIn(group + 1) / positives;
    }

    private static double falseRate(ScoreGroups groups, int group) {
        return groups.falsePositives(group) / (double) groups.negatives();
    }
}
