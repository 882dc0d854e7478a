package org.deepcovid.eval.metrics.calibration;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Observed shares of positive cases against scores, in bins. All figures are about the probability
 * of the positive class, not about the confidence in whichever class is called.
 *
 * @param binning how the bins were made
 * @param bins by rising score; bins without cases are left out
 */
public record ReliabilityDiagram(Binning binning, List<Bin> bins) {

    public ReliabilityDiagram {
        requireNonNull(binning, "binning is null");
        bins = List.copyOf(bins);
    }

    /**
     * Gathers the cases into bins, with 95 % Wilson intervals.
     *
     * @param labels with probabilities
     * @param binning equal width or equal mass
     * @param binCount at least 1; usual is 10
     * @return at most so many bins
     */
    public static ReliabilityDiagram of(ScoredLabels labels, Binning binning, int binCount) {
        labels.requireProbabilities("a reliability diagram");
        List<Bin> bins = new ArrayList<>();
        for (ScoreBin bin : binning.bins(labels, binCount)) {
            if (bin.count() > 0) {
                Proportion observed = Proportion.of(bin.positives(), bin.count());
                bins.add(new Bin(bin.lower(), bin.upper(), bin.scoreSum() / bin.count(), observed));
            }
        }
        return new ReliabilityDiagram(binning, bins);
    }

    /**
     * Expected calibration error: the mean absolute gap, bins weighted by their cases (M. P.
     * Naeini, G. F. Cooper and M. Hauskrecht, 2015, doi 10.1609/aaai.v29i1.9602). Depends on the
     * binning, and is above 0 by chance even for perfect scores.
     *
     * @return in [0, 1]
     */
    public double expectedCalibrationError() {
        double sum = 0;
        double cases = 0;
        for (Bin bin : bins) {
            sum += bin.observed().total() * Math.abs(bin.gap());
            cases += bin.observed().total();
        }
        return sum / cases;
    }

    /**
     * Maximum calibration error: the largest absolute gap of a bin.
     *
     * @return in [0, 1]
     */
    public double maximumCalibrationError() {
        return bins.stream().mapToDouble(bin -> Math.abs(bin.gap())).max().orElseThrow();
    }

    /** How scores are grouped into bins. */
    public enum Binning {
        /**
         * Bins of equal width over [0, 1]; a score on an edge belongs to the upper bin, and 1 to
         * the last.
         */
        EQUAL_WIDTH,
        /** Bins of equally many cases as far as possible: tied scores share a bin. */
        EQUAL_MASS;

        List<ScoreBin> bins(ScoredLabels labels, int binCount) {
            return switch (this) {
                case EQUAL_WIDTH -> ScoreBin.equalWidth(labels, binCount);
                case EQUAL_MASS -> ScoreBin.equalMass(labels, binCount);
            };
        }
    }

    /**
     * Cases with similar scores.
     *
     * @param lower lower edge of the bin (equal width), or lowest score in it (equal mass)
     * @param upper upper edge of the bin (equal width), or highest score in it (equal mass)
     * @param meanScore mean of the scores in the bin, in [0, 1]
     * @param observed share of positive cases in the bin, with its interval
     */
    public record Bin(double lower, double upper, double meanScore, Proportion observed) {

        public Bin {
            requireNonNull(observed, "observed is null");
        }

        /**
         * How far the scores are off; mean score minus observed share, in [-1, 1]; positive if the
         * scores are too high.
         */
        public double gap() {
            return meanScore - observed.estimate();
        }
    }
}
