package org.deepcovid.eval.metrics.comparison;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Adjusts the p-values of several comparisons, so that the chance of any false claim among them
 * stays at the level (S. Holm, A Simple Sequentially Rejective Multiple Test Procedure,
 * Scandinavian Journal of Statistics 6, 1979). Assumes nothing about their dependence.
 */
public final class HolmCorrection {

    private HolmCorrection() {}

    /**
     * Adjusts all p-values of a family of comparisons.
     *
     * @param pValues each in [0, 1]; may be empty
     * @return adjusted p-values in the same order, each in [0, 1] and not below its original
     */
    public static double[] adjust(double... pValues) {
        for (int i = 0; i < pValues.length; i++) {
            if (!(pValues[i] >= 0 && pValues[i] <= 1)) { // NaN fails too
                throw new IllegalArgumentException(
                        "p-value %d is %s; expected [0, 1]".formatted(i, pValues[i]));
            }
        }
        int[] rising =
                IntStream.range(0, pValues.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> pValues[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] adjusted = pValues.clone();
        double highest = 0;
        for (int rank = 0; rank < rising.length; rank++) {
            double scaled = (rising.length - rank) * pValues[rising[rank]];
            highest = Math.max(highest, Math.min(1, scaled));
            adjusted[rising[rank]] = highest;
        }
        return adjusted;
    }
}
