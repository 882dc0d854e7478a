package org.deepcovid.models.weights;

/**
 * A weights file cannot be used. The message names the file and says what was found, what was
 * expected and what to do next.
 */
public final class WeightsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An error without a cause. */
    public WeightsException(String message) {
        super(message);
    }

    /** An error with a cause. */
    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
