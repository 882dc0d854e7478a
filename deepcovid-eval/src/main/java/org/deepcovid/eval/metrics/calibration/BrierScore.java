package org.deepcovid.eval.metrics.calibration;

import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * The mean squared distance of probability and label (G. W. Brier, 1950, doi
 * 10.1175/1520-0493(1950)078&lt;0001:VOFEIT&gt;2.0.CO;2) and what it is made of: {@code score =
 * reliability - resolution + uncertainty + withinBins} (A. H. Murphy, 1973, doi
 * 10.1175/1520-0450(1973)012&lt;0595:ANVPOT&gt;2.0.CO;2; the last part, which Murphy's whole-bin
 * forecasts do not have: D. B. Stephenson, C. A. S. Coelho and I. T. Jolliffe, 2008, doi
 * 10.1175/2007WAF2006116.1).
 *
 * @param score in [0, 1], lower is better
 * @param reliability mean squared gap between score and observed share over the bins; 0 is best
 * @param resolution how far the observed shares of the bins differ from the overall one; more is
 *     better
 * @param uncertainty prevalence x (1 - prevalence), which no model can change
 * @param withinBins what the spread of the scores within bins adds; 0 if all scores of a bin are
 *     equal
 */
public record BrierScore(
        double score,
        double reliability,
        double resolution,
        double uncertainty,
        double withinBins) {

    /**
     * The score alone.
     *
     * @param labels with probabilities
     * @return in [0, 1]
     */
    public static double score(ScoredLabels labels) {
        labels.requireProbabilities("the Brier score");
        double sum = 0;
        for (int row = 0; row < labels.size(); row++) {
            double error = labels.score(row) - (labels.isPositive(row) ? 1 : 0);
            sum += error * error;
        }
        return sum / labels.size();
    }

    /**
     * The score and its parts.
     *
     * @param labels with probabilities
     * @param binning equal width or equal mass
     * @param binCount at least 1; usual is 10
     * @return parts that sum to the score
     */
    public static BrierScore of(
            ScoredLabels labels, ReliabilityDiagram.Binning binning, int binCount) {
        double score = score(labels);
        double prevalence = labels.prevalence();
        double reliability = 0;
        double resolution = 0;
        double within = 0;
        for (ScoreBin bin : binning.bins(labels, binCount)) {
            if (bin.count() > 0) {
                double observed = bin.positives() / (double) bin.count();
                double gap = bin.scoreSum() / bin.count() - observed;
                reliability += bin.count() * gap * gap;
                resolution += bin.count() * (observed - prevalence) * (observed - prevalence);
                within += bin.scoreSpread() - 2 * bin.covariation();
            }
        }
        double cases = labels.size();
        return new BrierScore(
                score,
                reliability / cases,
                resolution / cases,
                prevalence * (1 - prevalence),
                within / cases);
    }
}
