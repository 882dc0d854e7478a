package org.deepcovid.eval.report;

import java.io.Serial;
import java.nio.file.Path;

/** A report cannot be written; the message names the file or folder and the next step. */
public final class ReportException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    ReportException(Path path, String reason, Throwable cause) {
        super(path + ": " + reason, cause);
    }
}
