package org.deepcovid.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * What work printed on the two streams of this process, and what it gave.
 *
 * @param result of the work
 * @param text both streams, in the order in which they were written
 * @param <T> type of the result
 */
public record CapturedOutput<T>(T result, String text) {

    /**
     * Does work; its output goes nowhere else meanwhile.
     *
     * @param work that prints
     * @param <T> type of its result
     * @return result and output
     */
    public static <T> CapturedOutput<T> of(Supplier<T> work) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            T result = work.get();
            return new CapturedOutput<>(result, bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
