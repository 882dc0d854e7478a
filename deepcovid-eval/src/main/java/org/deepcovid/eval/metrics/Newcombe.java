package org.deepcovid.eval.metrics;

/** Solves for the limits of {@link AucIntervalMethod#NEWCOMBE}. */
final class Newcombe {

    private static final int HALVINGS = 60; // of an interval within [0, 1]: to the last bit

    private Newcombe() {}

    /** The area between the estimate and the given end (0 or 1) that is just not rejected. */
    static double limit(double auc, double end, int positives, int negatives, double level) {
        double z = Normal.twoSidedQuantile(level);
        double accepted = auc;
        double rejected = end;
        for (int i = 0; i < HALVINGS && accepted != rejected; i++) {
            double middle = (accepted + rejected) / 2;
            double distance = Math.abs(middle - auc);
            if (distance <= z * Math.sqrt(variance(middle, positives, negatives))) {
                accepted = middle;
            } else {
                rejected = middle;
            }
        }
        return accepted;
    }

    private static double variance(double area, double positives, double negatives) {
        double pairsMates = (positives + negatives) / 2 - 1;
        double shape = (1 - area) / (2 - area) + area / (1 + area);
        return area * (1 - area) * (1 + pairsMates * shape) / (positives * negatives);
    }
}
