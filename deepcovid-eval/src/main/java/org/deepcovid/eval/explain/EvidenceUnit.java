package org.deepcovid.eval.explain;

/** What the raw values of a heatmap measure. */
public enum EvidenceUnit {
    /** Probability lost when the place is covered, in [-1, 1]. */
    PROBABILITY_DROP("probability drop", 0.05),
    /** Logit lost when the place is covered. */
    LOGIT_DROP("logit drop", 0.25),
    /** Logit that the image would have if it looked everywhere as here, without the bias. */
    LOGIT("logit", 0.5),
    /** What the place contributes to the logit; the contributions of all places add up to it. */
    LOGIT_SHARE("share of logit", 0.005),
    /** Values that compare within one map only. */
    RELATIVE("relative value", 0);

    private final String words;
    private final double smallestRange;

    EvidenceUnit(String words, double smallestRange) {
        this.words = words;
        this.smallestRange = smallestRange;
    }

    /**
     * For legends.
     *
     * @return a few words
     */
    public String words() {
        return words;
    }

    /**
     * Evidence that counts as weak: a map whose values all stay below is not stretched to full
     * colour by {@link HeatmapScaling#perImage(EvidenceUnit)}.
     *
     * @return in this unit; 0 if weak and strong cannot be told apart
     */
    public double smallestRange() {
        return smallestRange;
    }
}
