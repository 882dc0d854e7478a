package org.deepcovid.phantoms;

import org.deepcovid.core.data.Label;

/** The disease that a phantom shows; only {@link #COVID} has the label covid. */
public enum Disease {
    /** Clear lungs. */
    NORMAL("No Finding", Label.NON_COVID),
    /** Ground-glass opacities at the periphery of both lungs. */
    COVID("COVID-19", Label.COVID),
    /** One dense consolidation of a lobe or segment. */
    PNEUMONIA("Pneumonia", Label.NON_COVID);

    private final String title;
    private final Label label;

    Disease(String title, Label label) {
        this.title = title;
        this.label = label;
    }

    /** The name in the column {@code finding} of manifests, such as {@code "No Finding"}. */
    public String title() {
        return title;
    }

    public Label label() {
        return label;
    }
}
