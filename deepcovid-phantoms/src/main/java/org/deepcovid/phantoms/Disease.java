package org.deepcovid.phantoms;

import org.deepcovid.core.CovidLabel;

/** What is drawn in the lungs of a phantom. */
public enum Disease {
    /** Clear lungs. */
    NORMAL("No Finding", CovidLabel.NON_COVID),
    /** Ground-glass opacities at the periphery of both lungs. */
    COVID("COVID-19", CovidLabel.COVID),
    /** One dense consolidation of a lobe or segment. */
    PNEUMONIA("Pneumonia", CovidLabel.NON_COVID);

    private final String title;
    private final CovidLabel label;

    Disease(String title, CovidLabel label) {
        this.title = title;
        this.label = label;
    }

    /**
     * The name in the column {@code finding} of manifests.
     *
     * @return such as {@code "No Finding"}
     */
    public String title() {
        return title;
    }

    /**
     * The label of images of this disease.
     *
     * @return COVID for {@link #COVID} alone
     */
    public CovidLabel label() {
        return label;
    }
}
