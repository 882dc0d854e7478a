package org.deepcovid.phantoms;

import org.deepcovid.core.data.Label;

/** The disease that a phantom shows; only {@link #COVID} has the label covid. */
public enum Disease {
    /** Clear lungs. */
    NORMAL("No Finding"),
    /** Ground-glass opacities at the periphery of both lungs. */
    COVID("COVID-19"),
    /** One dense consolidation of a lobe or segment. */
    PNEUMONIA("Pneumonia");

    private final String title;

    Disease(String title) {
        this.title = title;
    }

    /** The name in the column {@code finding} of manifests, such as {@code "No Finding"}. */
    public String title() {
        return title;
    }

    public Label label() {
        return this == COVID ? Label.COVID : Label.NON_COVID;
    }
}
