package org.deepcovid.eval.metrics;

import java.util.Arrays;
import java.util.List;

/**
 * Rates at a list of thresholds, the table of the Deep-COVID paper (S. Minaee et al., 2020, doi
 * 10.1016/j.media.2020.101794) with intervals. It describes the trade-off; to pick a row of it by
 * its test results is to fit the threshold to the test cases.
 *
 * @param rows in the order in which the thresholds were given
 */
public record ThresholdTable(List<Row> rows) {

    public ThresholdTable {
        rows = List.copyOf(rows);
    }

    /**
     * One threshold.
     *
     * @param threshold cases that score at least this are called positive
     * @param rates counts, rates and intervals there
     */
    public record Row(double threshold, BinaryRates rates) {}

    /**
     * Rates with 95 % Wilson intervals.
     *
     * @param labels any; with one class alone the rates of the other are empty
     * @param thresholds at least one, not NaN
     */
    public static ThresholdTable of(ScoredLabels labels, double... thresholds) {
        return of(
                labels,
                Proportion.IntervalMethod.WILSON,
                ConfidenceInterval.DEFAULT_LEVEL,
                thresholds);
    }

    /**
     * Rates with intervals of a chosen method.
     *
     * @param labels any; with one class alone the rates of the other are empty
     * @param method of the intervals; {@link Proportion.IntervalMethod#WALD} is the paper's
     * @param level confidence level in (0, 1)
     * @param thresholds at least one, not NaN
     */
    public static ThresholdTable of(
            ScoredLabels labels,
            Proportion.IntervalMethod method,
            double level,
            double... thresholds) {
        if (thresholds.length == 0) {
            throw new IllegalArgumentException("there are 0 thresholds; expected at least one");
        }
        return new ThresholdTable(
                Arrays.stream(thresholds)
                        .mapToObj(
                                threshold ->
                                        new Row(
                                                threshold,
                                                new BinaryRates(
                                                        ConfusionMatrix.at(labels, threshold),
                                                        method,
                                                        level)))
                        .toList());
    }
}
