package org.deepcovid.cli;

import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.deepcovid.testing.CapturedOutput;

/** What a command printed, on both streams, and its exit code. */
record ConsoleRun(int code, String text) {

    /** Runs the command of an example main with the words of a command line. */
    static ConsoleRun of(Callable<Integer> command, Object... args) {
        String[] words = Stream.of(args).map(Object::toString).toArray(String[]::new);
        CapturedOutput<Integer> captured = CapturedOutput.of(() -> Console.execute(command, words));
        return new ConsoleRun(captured.result(), captured.text());
    }
}
