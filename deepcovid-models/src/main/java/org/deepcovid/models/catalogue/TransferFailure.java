package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** One attempt failed; says whether another may succeed. */
final class TransferFailure extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean worthRetrying;

    private TransferFailure(String message, boolean worthRetrying) {
        super(message);
        this.worthRetrying = worthRetrying;
    }

    static TransferFailure passing(String message) {
        return new TransferFailure(message, true);
    }

    static TransferFailure lasting(String message) {
        return new TransferFailure(message, false);
    }

    /** Failures of the connection pass; answers may not, and those of the own disk do not. */
    static boolean isWorthRetrying(IOException failure) {
        return failure instanceof TransferFailure transfer
                ? transfer.worthRetrying
                : !(failure instanceof FileSystemException);
    }
}
