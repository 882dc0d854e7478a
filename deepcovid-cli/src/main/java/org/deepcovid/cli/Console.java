package org.deepcovid.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Runs a command: what a user can mend is told in one message, without a stack trace. */
public final class Console {

    private static final int FAILED = 1;

    private Console() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param command of an example main
     * @param args words of the command line
     */
    public static void run(Callable<Integer> command, String... args) {
        System.exit(execute(command, args));
    }

    static int execute(Callable<Integer> command, String... args) {
        return new CommandLine(command)
                .setExecutionExceptionHandler(
                        (failure, line, parsed) -> {
                            if (!Failures.isForTheUser(failure)) {
                                throw failure; // ours: the stack trace is wanted
                            }
                            line.getErr().println(Failures.message(failure, "--replace"));
                            return FAILED;
                        })
                .execute(args);
    }
}
