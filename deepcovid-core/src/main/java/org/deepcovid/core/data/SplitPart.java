package org.deepcovid.core.data;

import java.util.Locale;
import java.util.Optional;

/** The part of a split that an image is in. */
public enum SplitPart {
    /** Images for fitting weights. */
    TRAIN("train"),
    /** Images for choosing the epoch and the threshold. */
    VALIDATION("val"),
    /** Images for the final evaluation. */
    TEST("test");

    private final String folderName;
    private final Optional<SplitPart> known = Optional.of(this);

    SplitPart(String folderName) {
        this.folderName = folderName;
    }

    /**
     * Name of this part in folders and manifests.
     *
     * @return {@code "train"}, {@code "val"} or {@code "test"}
     */
    public String folderName() {
        return folderName;
    }

    /**
     * Reads a part as written in a folder name or manifest, ignoring case and outer blanks.
     *
     * @param text one of {@code train, val, valid, validation, test}
     * @return the part, or empty if the text is none of these words
     */
    public static Optional<SplitPart> parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "train" -> TRAIN.known;
            case "val", "valid", "validation" -> VALIDATION.known;
            case "test" -> TEST.known;
            default -> Optional.empty();
        };
    }
}
