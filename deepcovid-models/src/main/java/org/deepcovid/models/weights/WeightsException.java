package org.deepcovid.models.weights;

/**
 * A weights file cannot be used. The message names the file and says what was found, what was
 * expected and what to do next.
 */
public final class WeightsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * An error without a cause.
     *
     * @param message file, problem, expectation and next step
     */
    public WeightsException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message file, problem, expectation and next step
     * @param cause exception of the reader
     */
    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
