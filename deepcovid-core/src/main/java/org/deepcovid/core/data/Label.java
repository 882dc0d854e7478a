package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A class of radiographs.
 *
 * @param name as written in folder names and manifests; neither blank nor with outer blanks,
 *     control characters or one of {@code | ; ,}, which would separate several labels
 */
public record Label(String name) {

    /** Everything that is not labelled COVID-19: normal radiographs and other findings. */
    public static final Label NON_COVID = new Label("non");

    /** Radiographs labelled COVID-19. */
    public static final Label COVID = new Label("covid");

    /**
     * @throws IllegalArgumentException if the name cannot be one
     */
    public Label {
        problem(requireNonNull(name, "name is null"))
                .ifPresent(
                        problem -> {
                            throw new IllegalArgumentException(problem);
                        });
    }

    /** Why a text cannot name a label. */
    static Optional<String> problem(String name) {
        if (name.isBlank()) {
            return Optional.of("label is blank");
        }
        if (name.chars().anyMatch(c -> c == '|' || c == ';' || c == ',')) {
            return Optional.of(
                    ("label is '%s'; several labels per image are not supported: give each image"
                                    + " one label, without | ; and ,")
                            .formatted(name));
        }
        return !name.equals(name.strip()) || name.chars().anyMatch(Character::isISOControl)
                ? Optional.of(
                        "label is '%s'; expected no outer blanks and no control characters"
                                .formatted(name))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return name;
    }
}
