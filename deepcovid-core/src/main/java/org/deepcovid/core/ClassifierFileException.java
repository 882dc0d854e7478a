package org.deepcovid.core;

import java.nio.file.Path;

/** A classifier file cannot be written or read; the message says why and what to do. */
public final class ClassifierFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClassifierFileException(Path file, String reason) {
        this(file, reason, null);
    }

    ClassifierFileException(Path file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
