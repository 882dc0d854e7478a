package org.deepcovid.phantoms;

import org.deepcovid.core.CovidLabel;

/** What a phantom's lungs show. */
public enum Finding {
    /** Clear lungs. */
    NORMAL("No Finding", CovidLabel.NON_COVID),
    /** Ground-glass opacities at the periphery of both lungs. */
    COVID("COVID-19", CovidLabel.COVID),
    /** One dense consolidation of a lobe or segment. */
    PNEUMONIA("Pneumonia", CovidLabel.NON_COVID);

    private final String title;
    private final CovidLabel label;

    Finding(String title, CovidLabel label) {
        this.title = title;
        this.label = label;
    }

    /**
     * The finding's name in manifests.
     *
     * @return such as {@code "No Finding"}
     */
    public String title() {
        return title;
    }

    /**
     * The class that images of this finding belong to.
     *
     * @return COVID for {@link #COVID} alone
     */
    public CovidLabel label() {
        return label;
    }
}
