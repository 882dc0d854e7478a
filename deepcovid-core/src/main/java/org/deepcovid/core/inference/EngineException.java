package org.deepcovid.core.inference;

/** An engine cannot be started on this machine, or a computation failed. */
public final class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * A failure of a library that runs networks.
     *
     * @param message what failed, for the user
     * @param cause what the library reported
     */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
