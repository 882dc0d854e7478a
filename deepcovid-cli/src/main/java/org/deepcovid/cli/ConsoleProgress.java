package org.deepcovid.cli;

import static java.util.Objects.requireNonNull;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import org.deepcovid.core.training.FineTuneListener;

import java.io.Console;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Shows how long jobs come along: one bar a task, redrawn in place, on a terminal; plain lines
 * elsewhere, one when a task ends and at most one every five seconds before.
 */
final class ConsoleProgress implements FineTuneListener, AutoCloseable {

    /** How progress is shown. */
    enum Style {
        /** A bar on standard error, redrawn in place. */
        BAR,
        /** Plain lines. */
        LINES,
        /** Not at all. */
        NONE;

        /**
         * What suits this process.
         *
         * @return a bar if it runs on a terminal, else lines
         */
        static Style fitting() {
            return isTerminal() ? BAR : LINES;
        }
    }

    private static final int WIDTH = 80;
    private static final long LINE_EVERY_NANOS = 5_000_000_000L;

    private final Style style;
    private final Consumer<String> lines;
    private String task = "";
    private ProgressBar bar;
    private long started;
    private long lastLine;

    /**
     * Shows in a chosen style.
     *
     * @param style how
     * @param lines takes the lines of {@link Style#LINES}
     */
    ConsoleProgress(Style style, Consumer<String> lines) {
        this.style = requireNonNull(style, "style is null");
        this.lines = requireNonNull(lines, "lines is null");
    }

    @Override
    public void onResumed(Stage stage, long units) {
        if (style != Style.NONE) {
            lines.accept(
                    "continuing from %d %s of an interrupted run"
                            .formatted(units, stage == Stage.FEATURES ? "images" : "epochs"));
        }
    }

    @Override
    public void onProgress(Stage stage, long done, long total) {
        show(stage.name().toLowerCase(Locale.ROOT), done, total);
    }

    /**
     * Tells how far a task has come. A new name begins a new task.
     *
     * @param name of the task
     * @param done units done so far
     * @param total units in all
     */
    void show(String name, long done, long total) {
        if (style == Style.NONE) {
            return;
        }
        if (!name.equals(task)) {
            endTask();
            task = name;
            started = System.nanoTime();
            lastLine = started;
        }
        if (style == Style.BAR) {
            bar(total).stepTo(done);
        } else {
            line(done, total);
        }
    }

    private ProgressBar bar(long total) {
        if (bar == null) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(task)
                            .setInitialMax(total)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis(200)
                            .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                            .build();
        }
        return bar;
    }

    private void line(long done, long total) {
        long now = System.nanoTime();
        if (done >= total) {
            lines.accept(
                    String.format(
                            Locale.ROOT,
                            "%s: %d of %d in %.1f s",
                            task,
                            done,
                            total,
                            (now - started) / 1e9));
        } else if (now - lastLine >= LINE_EVERY_NANOS) {
            lastLine = now;
            double left = (now - started) / 1e9 / Math.max(1, done) * (total - done);
            lines.accept(
                    String.format(
                            Locale.ROOT,
                            "%s: %d of %d, about %.0f s left",
                            task,
                            done,
                            total,
                            left));
        }
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

    @Override
    public void close() {
        endTask();
    }

    /** Ends the task that is being shown, so that what is printed next has a line of its own. */
    void endTask() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        task = "";
    }
}
