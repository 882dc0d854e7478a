package org.deepcovid.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.ClassifierFileException;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.inference.EngineException;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.eval.report.ReportException;
import org.deepcovid.models.weights.WeightsException;

/** Error messages of the command line. */
final class Failures {

    private Failures() {}

    /** One line to print instead of a stack trace; begins with "error:" or "interrupted:". */
    static String message(Throwable failure) {
        if (failure instanceof CancellationException) {
            return "interrupted: " + describe(failure);
        }
        if (failure instanceof OutOfMemoryError) {
            return "error: out of memory (%s); use fewer or smaller images at a time, or give Java"
                            .formatted(failure.getMessage())
                    + " more: JAVA_OPTS=-Xmx8g";
        }
        return isForTheUser(failure)
                ? "error: " + describe(failure) + (canBeReplaced(failure) ? ": --overwrite" : "")
                : "error: this program failed (%s); please report it with what --debug prints"
                        .formatted(failure);
    }

    /** Whether an output file exists; the library's messages do not name the option. */
    private static boolean canBeReplaced(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof FileAlreadyExistsException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    /** Whether the user can correct it, as opposed to an error of this program. */
    static boolean isForTheUser(Throwable failure) {
        return failure instanceof DatasetException
                || failure instanceof UnreadableImageException
                || failure instanceof WeightsException
                || failure instanceof ClassifierFileException
                || failure instanceof ReportException
                || failure instanceof EngineException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException
                || failure instanceof OutOfMemoryError;
    }

    /** The cause in words; many I/O exceptions carry a bare path as their message. */
    static String describe(Throwable failure) {
        if (failure instanceof FileSystemException files && files.getReason() == null) {
            return files.getFile() + ": " + AtomicFile.reason(files);
        }
        if (failure.getClass() == FileSystemException.class) { // the system's own words
            return failure.getMessage() + "; choose another place";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
