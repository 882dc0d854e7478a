package org.deepcovid.core.inference;

/** The outputs of a network. */
public enum NetworkOutput {
    /** Last feature map [N, C, h, w]. */
    FEATURE_MAP("feature_map"),
    /** Pooled features [N, C]. */
    FEATURES("features"),
    /** Logits of the pre-training head, [N, K]. */
    LOGITS("logits");

    private final String id;

    NetworkOutput(String id) {
        this.id = id;
    }

    /**
     * Name of this output in exported models.
     *
     * @return such as {@code "feature_map"}
     */
    public String id() {
        return id;
    }
}
