package org.deepcovid.eval.explain;

import java.util.Locale;

/** Unit of a heatmap's raw values. */
public enum EvidenceUnit {
    /** Probability lost when the place is covered, in [-1, 1]. */
    PROBABILITY_DROP("probability drop", 0.05),
    /** Logit lost when the place is covered. */
    LOGIT_DROP("logit drop", 0.25),
    /** Logit, without the bias, of an image whose feature map is everywhere as at this place. */
    LOGIT("logit", 0.5),
    /** Contribution of the place to the logit; the contributions of all places add up to it. */
    LOGIT_SHARE("share of logit", 0.005),
    /** Values that can be compared within one map only. */
    RELATIVE("relative value", 0);

    private final String words;
    private final double smallestRange;

    EvidenceUnit(String words, double smallestRange) {
        this.words = words;
        this.smallestRange = smallestRange;
    }

    public String words() {
        return words;
    }

    /** What a value means for a label, as a legend says it. */
    String words(String label) {
        return switch (this) {
            case PROBABILITY_DROP -> "probability of " + label + " lost when covered";
            case LOGIT_DROP -> "logit of " + label + " lost when covered";
            case LOGIT -> "evidence for " + label + " (logit)";
            case LOGIT_SHARE -> "evidence for " + label + " (share of the logit)";
            case RELATIVE -> "evidence for " + label + " (within this map only)";
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Upper limit of weak evidence, in this unit: {@link HeatmapScaling#perImage(EvidenceUnit)}
     * does not stretch a map whose values all stay below it to full colour. 0 if there is none.
     */
    public double smallestRange() {
        return smallestRange;
    }
}
