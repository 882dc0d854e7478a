package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

/**
 * A class of radiographs.
 *
 * @param name as in folder names, manifests and saved files: lower case, never blank
 */
public record Label(String name) {

    /** Everything that is not labelled COVID-19: normal radiographs and other findings. */
    public static final Label NON_COVID = new Label("non");

    /** Radiographs labelled COVID-19. */
    public static final Label COVID = new Label("covid");

    /**
     * @throws IllegalArgumentException unless it is lower-case letters, digits, - and _
     */
    public Label {
        requireNonNull(name, "name is null");
        if (!name.matches("[a-z0-9][a-z0-9_-]*")) {
            throw new IllegalArgumentException(
                    "label '%s'; expected lower-case letters, digits, - and _".formatted(name));
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
