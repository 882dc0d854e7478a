package org.deepcovid.examples;

import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.ClassifierFileException;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.eval.report.ReportException;
import org.deepcovid.models.weights.WeightsException;
import picocli.CommandLine;

/** Runs a command: what a user can mend is told in one message, without a stack trace. */
final class Console {

    private static final int FAILED = 1;

    private Console() {}

    static void run(Callable<Integer> command, String... args) {
        System.exit(execute(command, args));
    }

    static int execute(Callable<Integer> command, String... args) {
        return new CommandLine(command)
                .setExecutionExceptionHandler(
                        (failure, line, parsed) -> {
                            if (!isForTheUser(failure)) {
                                throw failure; // ours: the stack trace is wanted
                            }
                            line.getErr().println("error: " + failure.getMessage());
                            return FAILED;
                        })
                .execute(args);
    }

    private static boolean isForTheUser(Exception failure) {
        return failure instanceof DatasetException
                || failure instanceof UnreadableImageException
                || failure instanceof WeightsException
                || failure instanceof ClassifierFileException
                || failure instanceof ReportException
                || failure instanceof CancellationException
                || failure instanceof UncheckedIOException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException;
    }
}
