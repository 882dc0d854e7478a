package org.deepcovid.cli;

import java.util.concurrent.CancellationException;

/** Exit codes of the process. */
final class ExitCode {

    /** Everything was done. */
    static final int OK = 0;

    /** Done as far as possible: some inputs could not be used, or an audit found problems. */
    static final int PARTLY = 1;

    /** The command line is wrong; nothing was done. */
    static final int USAGE = 2;

    /** An input cannot be used, or a result cannot be written. */
    static final int FAILED = 3;

    /** An error of this program. */
    static final int BUG = 4;

    /** Interrupted, such as by Ctrl-C; nothing half-written is left. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(Throwable failure) {
        if (failure instanceof CancellationException) {
            return INTERRUPTED;
        }
        return Failures.isForTheUser(failure) ? FAILED : BUG;
    }
}
