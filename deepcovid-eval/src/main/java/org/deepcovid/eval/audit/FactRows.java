package org.deepcovid.eval.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Rows of numbers for a linear head. */
final class FactRows {

    private static final int KNOTS = 8;

    private FactRows() {}

    /**
     * Ranks of properties, each spread over {@value #KNOTS} columns, so that a linear head can
     * learn any smooth function of each.
     */
    static List<float[]> ofRanks(
            List<ImageFacts> facts, List<ToDoubleFunction<ImageFacts>> properties) {
        float[][] rows = new float[facts.size()][properties.size() * KNOTS];
        for (int p = 0; p < properties.size(); p++) {
            double[] values = facts.stream().mapToDouble(properties.get(p)).toArray();
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            for (int row = 0; row < rows.length; row++) {
                double at = midRank(sorted, values[row]) * (KNOTS - 1);
                for (int knot = 0; knot < KNOTS; knot++) {
                    rows[row][p * KNOTS + knot] = (float) Math.max(0, 1 - Math.abs(at - knot));
                }
            }
        }
        return List.of(rows);
    }

    /** In [0, 1]; equal values share the middle of their ranks. */
    private static double midRank(double[] sorted, double value) {
        int below = firstFrom(sorted, value);
        int upTo = firstFrom(sorted, Math.nextUp(value));
        return sorted.length == 1 ? 0.5 : (below + upTo - 1) / 2.0 / (sorted.length - 1);
    }

    private static int firstFrom(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** One column per value. */
    static List<float[]> ofValues(List<String> values) {
        List<String> known = new ArrayList<>(new TreeSet<>(values));
        return values.stream()
                .map(
                        value -> {
                            float[] row = new float[known.size()];
                            row[known.indexOf(value)] = 1;
                            return row;
                        })
                .toList();
    }

    /** Every column shifted and scaled to mean 0 and deviation 1; constant columns become 0. */
    static List<float[]> standardised(List<float[]> rows) {
        int columns = rows.get(0).length;
        double[] mean = new double[columns];
        double[] square = new double[columns];
        for (float[] row : rows) {
            for (int c = 0; c < columns; c++) {
                mean[c] += row[c] / rows.size();
                square[c] += (double) row[c] * row[c] / rows.size();
            }
        }
        List<float[]> result = new ArrayList<>();
        for (float[] row : rows) {
            float[] scaled = new float[columns];
            for (int c = 0; c < columns; c++) {
                double variance = square[c] - mean[c] * mean[c];
                boolean constant = variance <= 1e-9 * square[c];
                scaled[c] = constant ? 0 : (float) ((row[c] - mean[c]) / Math.sqrt(variance));
            }
            result.add(scaled);
        }
        return result;
    }
}
