package org.deepcovid.core;

import java.util.Locale;
import java.util.Optional;

/** The two classes of the task. */
public enum CovidLabel {
    /** Everything that is not labelled COVID-19: normal radiographs and other findings. */
    NON_COVID("non", 0),
    /** Radiographs labelled COVID-19; the positive class of every metric. */
    COVID("covid", 1);

    private final String folderName;
    private final int classIndex;

    CovidLabel(String folderName, int classIndex) {
        this.folderName = folderName;
        this.classIndex = classIndex;
    }

    /**
     * Position of this label among a classifier's outputs.
     *
     * @return 0 for {@link #NON_COVID}, 1 for {@link #COVID}
     */
    public int classIndex() {
        return classIndex;
    }

    /**
     * The word that stands for this label in folder names and manifests.
     *
     * @return {@code "non"} or {@code "covid"}
     */
    public String folderName() {
        return folderName;
    }

    /**
     * Reads a label as written in a folder name or manifest, ignoring case and outer blanks.
     *
     * @param text such as {@code "covid"} or {@code "Non"}
     * @return the label, or empty if the text is neither word
     */
    public static Optional<CovidLabel> parse(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        for (CovidLabel label : values()) {
            if (label.folderName.equals(word)) {
                return Optional.of(label);
            }
        }
        return Optional.empty();
    }
}
