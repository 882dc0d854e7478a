package org.deepcovid.models.weights;

/**
 * A weights file cannot be used. The message names the file and says what was found, what was
 * expected and what to do next.
 */
public final class WeightsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Says what is wrong.
     *
     * @param message for people
     */
    public WeightsException(String message) {
        super(message);
    }

    /**
     * Says what is wrong and where it showed first.
     *
     * @param message for people
     * @param cause what the reader met
     */
    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
