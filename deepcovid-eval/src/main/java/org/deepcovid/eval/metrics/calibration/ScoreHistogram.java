package org.deepcovid.eval.metrics.calibration;

import java.util.List;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * How the scores of either class are spread over [0, 1], in bins of equal width.
 *
 * @param bins by rising score, empty ones included
 */
public record ScoreHistogram(List<Bin> bins) {

    /** The number of bins where none is given. */
    public static final int DEFAULT_BINS = 24;

    public ScoreHistogram {
        bins = List.copyOf(bins);
    }

    /**
     * Cases with scores from {@code lower} to below {@code upper}; the last bin includes 1.
     *
     * @param lower lower edge
     * @param upper upper edge
     * @param positives positive cases within
     * @param negatives negative cases within
     */
    public record Bin(double lower, double upper, int positives, int negatives) {}

    /**
     * Counts in {@value #DEFAULT_BINS} bins.
     *
     * @param labels with probabilities
     * @return counts that sum to the number of cases
     */
    public static ScoreHistogram of(ScoredLabels labels) {
        return of(labels, DEFAULT_BINS);
    }

    /**
     * Counts in a number of bins.
     *
     * @param labels with probabilities
     * @param binCount at least 1
     * @return counts that sum to the number of cases
     */
    public static ScoreHistogram of(ScoredLabels labels, int binCount) {
        labels.requireProbabilities("a score histogram");
        return new ScoreHistogram(
                ScoreBin.equalWidth(labels, binCount).stream()
                        .map(
                                bin ->
                                        new Bin(
                                                bin.lower(),
                                                bin.upper(),
                                                bin.positives(),
                                                bin.count() - bin.positives()))
                        .toList());
    }
}
