package org.deepcovid.eval.metrics;

/**
 * How the cases fall at one threshold. A case is called positive if its score is at least the
 * threshold.
 *
 * @param truePositives positive cases called positive
 * @param falsePositives negative cases called positive
 * @param trueNegatives negative cases called negative
 * @param falseNegatives positive cases called negative
 */
public record ConfusionMatrix(
        int truePositives, int falsePositives, int trueNegatives, int falseNegatives) {

    public ConfusionMatrix {
        requireCount("truePositives", truePositives);
        requireCount("falsePositives", falsePositives);
        requireCount("trueNegatives", trueNegatives);
        requireCount("falseNegatives", falseNegatives);
        int negatives = Math.addExact(falsePositives, trueNegatives);
        int positives = Math.addExact(truePositives, falseNegatives);
        if (Math.addExact(positives, negatives) == 0) {
            throw new IllegalArgumentException("all counts are 0; expected at least one case");
        }
    }

    /**
     * Counts the cases at a threshold.
     *
     * @param labels any; one class alone is fine
     * @param threshold a case with a score of at least this is called positive; may be infinite
     * @return counts that sum to the number of cases
     */
    public static ConfusionMatrix at(ScoredLabels labels, double threshold) {
        Checks.requireNumber("threshold", threshold);
        int truePositives = 0;
        int falsePositives = 0;
        for (int row = 0; row < labels.size(); row++) {
            if (labels.score(row) >= threshold) {
                if (labels.isPositive(row)) {
                    truePositives++;
                } else {
                    falsePositives++;
                }
            }
        }
        return new ConfusionMatrix(
                truePositives,
                falsePositives,
                labels.negatives() - falsePositives,
                labels.positives() - truePositives);
    }

    /** Cases that are positive, however they were called; true positives and false negatives. */
    public int positives() {
        return truePositives + falseNegatives;
    }

    /** Cases that are negative, however they were called; true negatives and false positives. */
    public int negatives() {
        return trueNegatives + falsePositives;
    }

    /** Cases called positive, right or wrong; true and false positives. */
    public int calledPositive() {
        return truePositives + falsePositives;
    }

    /** Cases called negative, right or wrong; true and false negatives. */
    public int calledNegative() {
        return trueNegatives + falseNegatives;
    }

    /** All cases, at least 1. */
    public int total() {
        return positives() + negatives();
    }

    /**
     * Net benefit at a threshold probability: true positives per case, less false positives per
     * case weighted by the odds of the threshold (A. J. Vickers and E. B. Elkin, 2006, doi
     * 10.1177/0272989X06295361). 0 if no case is called positive.
     *
     * @param threshold the probability at which the cases were called, in [0, 1)
     */
    public double netBenefit(double threshold) {
        if (!(threshold >= 0 && threshold < 1)) {
            throw new IllegalArgumentException(
                    "threshold is %s; expected 0 or more and less than 1".formatted(threshold));
        }
        double odds = threshold / (1 - threshold);
        return (truePositives - odds * falsePositives) / total();
    }

    private static void requireCount(String name, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(
                    "%s is %d; expected a count of at least 0".formatted(name, count));
        }
    }
}
