package org.deepcovid.eval.metrics.calibration;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deepcovid.eval.metrics.ScoredLabels;

/** Counts and sums of the cases in one bin of scores. */
final class ScoreBin {

    private final double lower;
    private final double upper;
    private int count;
    private int positives;
    private double scoreSum;
    private double squareSum; // of score minus an anchor within the bin, against cancellation
    private double positiveScoreSum;

    private ScoreBin(double lower, double upper) {
        this.lower = lower;
        this.upper = upper;
    }

    static List<ScoreBin> equalWidth(ScoredLabels labels, int binCount) {
        requireBins(binCount);
        List<ScoreBin> bins =
                IntStream.range(0, binCount)
                        .mapToObj(i -> new ScoreBin(i / (double) binCount, (i + 1.0) / binCount))
                        .toList();
        for (int row = 0; row < labels.size(); row++) {
            bins.get(indexOf(labels.score(row), binCount))
                    .add(labels.score(row), labels.isPositive(row));
        }
        return bins;
    }

    private static void requireBins(int binCount) {
        if (binCount < 1) {
            throw new IllegalArgumentException(
                    "binCount is %d; expected at least 1".formatted(binCount));
        }
    }

    /** The bin whose edges, as computed above, enclose the score; multiplication alone may miss. */
    private static int indexOf(double score, int binCount) {
        int index = (int) Math.min(binCount - 1.0, Math.floor(score * binCount));
        if (score < index / (double) binCount) {
            return index - 1;
        }
        return index + 1 < binCount && score >= (index + 1.0) / binCount ? index + 1 : index;
    }

    static List<ScoreBin> equalMass(ScoredLabels labels, int binCount) {
        requireBins(binCount);
        double[] sorted =
                IntStream.range(0, labels.size()).mapToDouble(labels::score).sorted().toArray();
        double[] highest =
                IntStream.rangeClosed(1, binCount)
                        .map(i -> (int) Math.ceil((double) i * sorted.length / binCount))
                        .filter(end -> end > 0)
                        .mapToDouble(end -> sorted[end - 1])
                        .distinct()
                        .toArray();
        List<ScoreBin> bins =
                IntStream.range(0, highest.length)
                        .mapToObj(i -> new ScoreBin(lowest(sorted, highest, i), highest[i]))
                        .toList();
        for (int row = 0; row < labels.size(); row++) {
            int found = Arrays.binarySearch(highest, labels.score(row));
            bins.get(found >= 0 ? found : ~found).add(labels.score(row), labels.isPositive(row));
        }
        return bins;
    }

    /** The lowest score above the highest of the bin before. */
    private static double lowest(double[] sorted, double[] highest, int bin) {
        if (bin == 0) {
            return sorted[0];
        }
        return Arrays.stream(sorted).filter(score -> score > highest[bin - 1]).min().orElseThrow();
    }

    private void add(double score, boolean positive) {
        count++;
        scoreSum += score;
        squareSum += (score - lower) * (score - lower);
        if (positive) {
            positives++;
            positiveScoreSum += score;
        }
    }

    double lower() {
        return lower;
    }

    double upper() {
        return upper;
    }

    int count() {
        return count;
    }

    int positives() {
        return positives;
    }

    double scoreSum() {
        return scoreSum;
    }

    /** Sum of squared distances of the scores from their mean. */
    double scoreSpread() {
        double offset = scoreSum / count - lower;
        return Math.max(0, squareSum - count * offset * offset);
    }

    /** Sum of the products of score and label, each less its mean. */
    double covariation() {
        return positiveScoreSum - scoreSum * positives / count;
    }
}
