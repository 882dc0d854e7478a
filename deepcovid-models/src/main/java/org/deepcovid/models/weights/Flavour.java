package org.deepcovid.models.weights;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which library's variant of a network some weights belong to. The variants differ in details that
 * change every output: where a stage strides, the epsilon of batch normalisation, how inputs are
 * normalised.
 */
public enum Flavour {
    /** As in Keras Applications. */
    KERAS("keras"),
    /** As in torchvision, and in timm where it carries torchvision's networks. */
    TORCHVISION("torchvision");

    private final String id;

    Flavour(String id) {
        this.id = id;
    }

    /**
     * Name of the flavour in specs and files.
     *
     * @return {@code "keras"} or {@code "torchvision"}
     */
    public String id() {
        return id;
    }

    /**
     * The flavour of a name.
     *
     * @param id as given by {@link #id}
     * @return the flavour, or empty if there is none of that name
     */
    public static Optional<Flavour> ofId(String id) {
        return Arrays.stream(values()).filter(flavour -> flavour.id.equals(id)).findFirst();
    }
}
