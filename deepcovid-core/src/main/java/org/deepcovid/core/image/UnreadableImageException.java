package org.deepcovid.core.image;

import java.io.Serial;
import java.nio.file.Path;

/** A file that cannot be decoded completely and with certainty. */
public final class UnreadableImageException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** The file as text, since paths need not be serialisable. */
    private final String file;

    /** What was found and what was expected. */
    private final String reason;

    /**
     * Names the file and what is wrong with it.
     *
     * @param path the file
     * @param reason what was found and what was expected
     */
    public UnreadableImageException(Path path, String reason) {
        this(path, reason, null);
    }

    /**
     * Names the file, what is wrong with it and the error that told.
     *
     * @param path the file
     * @param reason what was found and what was expected
     * @param cause the error of the codec or the file system, or null
     */
    public UnreadableImageException(Path path, String reason, Throwable cause) {
        super("cannot read image " + path + ": " + reason, cause);
        this.file = path.toString();
        this.reason = reason;
    }

    /**
     * The file.
     *
     * @return its path as it was given
     */
    public Path path() {
        return Path.of(file);
    }

    /**
     * What is wrong, without the path.
     *
     * @return what was found and what was expected
     */
    public String reason() {
        return reason;
    }
}
