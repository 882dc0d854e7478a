package org.deepcovid.core.image;

import java.io.Serial;

/** Thrown for an image that cannot be decoded completely. */
public final class UnreadableImageException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** Path or id of the image. */
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
     * @return path of the file, or id of the {@link Radiograph}
     */
    public String id() {
        return id;
    }

    /**
     * The reason, without the path.
     *
     * @return what was found and what was expected
     */
    public String reason() {
        return reason;
    }
}
