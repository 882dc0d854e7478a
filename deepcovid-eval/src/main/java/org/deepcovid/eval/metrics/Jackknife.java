package org.deepcovid.eval.metrics;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The acceleration of Efron (1987) from leaving out one cluster at a time, stratum by stratum. */
final class Jackknife {

    private static final int MOST_OF_A_STRATUM = 1000;

    private final Clusters clusters;
    private final Function<int[], OptionalDouble> metric;
    private double squares;
    private double cubes;

    private Jackknife(Clusters clusters, Function<int[], OptionalDouble> metric) {
        this.clusters = clusters;
        this.metric = metric;
    }

    /** 0 if the metric does not change whichever cluster is left out. */
    static double acceleration(
            int[][] strata, Clusters clusters, Function<int[], OptionalDouble> metric) {
        Jackknife jackknife = new Jackknife(clusters, metric);
        for (int[] members : strata) {
            jackknife.add(members);
        }
        return jackknife.squares == 0
                ? 0
                : jackknife.cubes / (6 * Math.pow(jackknife.squares, 1.5));
    }

    private void add(int[] members) {
        if (members.length < 2) {
            return; // a single cluster shows no spread, and may be all there is
        }
        double[] values = leftOut(members);
        if (values.length < 2) {
            return; // nothing to compare with
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        double size = members.length;
        double scale = size / values.length;
        for (double value : values) {
            double influence = (size - 1) * (mean - value) / size;
            squares += scale * influence * influence;
            cubes += scale * influence * influence * influence;
        }
    }

    /** The metric without each of the members in turn; left out where it is undefined. */
    private double[] leftOut(int[] members) {
        int count = Math.min(members.length, MOST_OF_A_STRATUM);
        double[] values = new double[count];
        int defined = 0;
        for (int i = 0; i < count; i++) {
            int member = members[(int) ((long) i * members.length / count)];
            OptionalDouble value = metric.apply(weightsWithout(member));
            if (value.isPresent()) {
                values[defined++] = value.getAsDouble();
            }
        }
        return Arrays.copyOf(values, defined);
    }

    private int[] weightsWithout(int cluster) {
        int[] weights = new int[clusters.rows()];
        for (int row = 0; row < weights.length; row++) {
            weights[row] = clusters.of(row) == cluster ? 0 : 1;
        }
        return weights;
    }
}
