package org.deepcovid.examples;

import java.io.Console;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deepcovid.core.training.FineTuneListener;

/**
 * Shows a fine-tuning run as one progress bar a stage, on standard error: redrawn in place on a
 * terminal, a line every ten seconds elsewhere.
 */
final class ConsoleProgress implements FineTuneListener, AutoCloseable {

    private static final boolean TERMINAL = isTerminal();
    private static final int LINE = 80;

    private Stage stage;
    private ProgressBar bar;

    @Override
    public void onProgress(Stage current, long done, long total) {
        if (current != stage) {
            close();
            stage = current;
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(current.name().toLowerCase(Locale.ROOT))
                            .setInitialMax(total)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis(TERMINAL ? 500 : 10_000)
                            .setConsumer(consumer())
                            .build();
        }
        bar.stepTo(done);
    }

    /** From JDK 22 on there is a console without a terminal too, and a method that tells. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true; // an older JDK: a console means a terminal
        }
    }

    private static ProgressBarConsumer consumer() {
        return TERMINAL
                ? new ConsoleProgressBarConsumer(System.err, LINE)
                : new DelegatingProgressBarConsumer(System.err::println, LINE);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
