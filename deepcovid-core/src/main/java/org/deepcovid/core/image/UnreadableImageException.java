package org.deepcovid.core.image;

import java.io.Serial;

/** An image that cannot be decoded completely and with certainty. */
public final class UnreadableImageException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** Names the image. */
    private final String id;

    /** What was found and what was expected. */
    private final String reason;

    UnreadableImageException(String id, String reason, Throwable cause) {
        super("cannot read image " + id + ": " + reason, cause);
        this.id = id;
        this.reason = reason;
    }

    /**
     * The image that cannot be decoded.
     *
     * @return the path as it was given, or the id of a {@link Radiograph} that is no file
     */
    public String id() {
        return id;
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
