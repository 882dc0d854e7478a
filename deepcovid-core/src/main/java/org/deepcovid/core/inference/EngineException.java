package org.deepcovid.core.inference;

/** An engine cannot be started on this machine, or a computation failed. */
public final class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
