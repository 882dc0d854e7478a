package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** One attempt failed; says whether another may succeed. */
final class TransferException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean worthRetrying;

    private TransferException(String message, boolean worthRetrying) {
        super(message);
        this.worthRetrying = worthRetrying;
    }

    static TransferException passing(String message) {
        return new TransferException(message, true);
    }

    static TransferException lasting(String message) {
        return new TransferException(message, false);
    }

    /** Failures of the connection pass; answers may not, and those of the own disk do not. */
    static boolean isWorthRetrying(IOException failure) {
        return failure instanceof TransferException transfer
                ? transfer.worthRetrying
                : !(failure instanceof FileSystemException);
    }
}
