package org.deepcovid.eval.metrics;

import java.util.Arrays;
import java.util.function.Function;

/** The acceleration of Efron (1987) from leaving out one cluster at a time, stratum by stratum. */
final class Jackknife {

    private static final int MOST_OF_A_STRATUM = 1000;

    private final Clusters clusters;
    private final Function<int[], double[]> metrics;
    private final double[] squares;
    private final double[] cubes;

    private Jackknife(Clusters clusters, Function<int[], double[]> metrics, int count) {
        this.clusters = clusters;
        this.metrics = metrics;
        this.squares = new double[count];
        this.cubes = new double[count];
    }

    /**
     * One number per metric; 0 if it does not change whichever cluster is left out.
     *
     * @param metrics of weighted rows; NaN where undefined
     * @param count of the metrics
     */
    static double[] accelerations(
            int[][] strata, Clusters clusters, Function<int[], double[]> metrics, int count) {
        Jackknife jackknife = new Jackknife(clusters, metrics, count);
        for (int[] members : strata) {
            jackknife.add(members);
        }
        double[] accelerations = new double[count];
        for (int metric = 0; metric < count; metric++) {
            if (jackknife.squares[metric] != 0) {
                accelerations[metric] =
                        jackknife.cubes[metric] / (6 * Math.pow(jackknife.squares[metric], 1.5));
            }
        }
        return accelerations;
    }

    private void add(int[] members) {
        if (members.length < 2) {
            return; // a single cluster shows no spread, and may be all there is
        }
        double[][] leftOut = leftOut(members);
        for (int i = 0; i < squares.length; i++) {
            int metric = i;
            add(
                    metric,
                    members.length,
                    Arrays.stream(leftOut)
                            .mapToDouble(values -> values[metric])
                            .filter(value -> !Double.isNaN(value))
                            .toArray());
        }
    }

    private void add(int metric, double size, double[] values) {
        if (values.length < 2) {
            return; // nothing to compare with
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        double scale = size / values.length;
        for (double value : values) {
            double influence = (size - 1) * (mean - value) / size;
            squares[metric] += scale * influence * influence;
            cubes[metric] += scale * influence * influence * influence;
        }
    }

    /** The metrics without each of the members in turn. */
    private double[][] leftOut(int[] members) {
        int count = Math.min(members.length, MOST_OF_A_STRATUM);
        double[][] values = new double[count][];
        for (int i = 0; i < count; i++) {
            int member = members[(int) ((long) i * members.length / count)];
            values[i] = metrics.apply(weightsWithout(member));
        }
        return values;
    }

    private int[] weightsWithout(int cluster) {
        int[] weights = new int[clusters.rows()];
        for (int row = 0; row < weights.length; row++) {
            weights[row] = clusters.of(row) == cluster ? 0 : 1;
        }
        return weights;
    }
}
