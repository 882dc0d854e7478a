package org.deepcovid.cli;

import java.io.Console;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deepcovid.core.data.NearCopies;
import org.deepcovid.core.training.FineTuneListener;

/**
 * Shows progress: on a terminal a bar per task, redrawn in place; elsewhere plain lines, at most
 * one every five seconds and one at the end of a task.
 */
final class ConsoleProgress implements FineTuneListener, AutoCloseable {

    /** How progress is shown. */
    enum Style {
        BAR,
        LINES,
        NONE;

        /** A bar if this process runs on a terminal, else lines. */
        static Style fitting() {
            return isTerminal() ? BAR : LINES;
        }
    }

    private static final int WIDTH = 80;
    private static final int MOST_PAIRS = 10;
    private static final long LINE_EVERY_NANOS = 5_000_000_000L;

    private final Style style;
    private final Consumer<String> lines;
    private String task = "";
    private boolean trained;
    private boolean copiesShown;
    private ProgressBar bar;
    private long started;
    private long lastLine;

    ConsoleProgress(Style style, Consumer<String> lines) {
        this.style = style;
        this.lines = lines;
    }

    @Override
    public void onResumed(Stage stage, long units) {
        // after a training, known features are those of this run
        if (style != Style.NONE && !(trained && stage == Stage.FEATURES)) {
            endTask();
            lines.accept(
                    "continuing from %d %s of an interrupted run"
                            .formatted(units, stage == Stage.FEATURES ? "images" : "epochs"));
        }
    }

    @Override
    public void onNearCopies(List<NearCopies.Copies> pairs) {
        if (style != Style.NONE && !copiesShown && !pairs.isEmpty()) {
            copiesShown = true; // further trainings of a run are on the same images
            endTask();
            lines.accept(
                    "near copies with one label among the images fitted to: %d: %s%s"
                            .formatted(
                                    pairs.size(),
                                    pairs.stream()
                                            .limit(MOST_PAIRS)
                                            .map(
                                                    pair ->
                                                            pair.first().id()
                                                                    + " ~ "
                                                                    + pair.second().id())
                                            .collect(Collectors.joining(", ")),
                                    pairs.size() > MOST_PAIRS
                                            ? " and others (deepcovid audit lists all)"
                                            : ""));
        }
    }

    @Override
    public void onProgress(Stage stage, long done, long total) {
        trained |= stage != Stage.FEATURES;
        show(stage.name().toLowerCase(Locale.ROOT), done, total);
    }

    /** Shows that some units of a task are done; the last unit or a new name ends the task. */
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
        if (done >= total) {
            endTask();
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
        double seconds = (now - started) / 1e9;
        if (done >= total) {
            line("%s: %d of %d in %.1f s", task, done, total, seconds);
        } else if (now - lastLine >= LINE_EVERY_NANOS) {
            lastLine = now;
            double left = seconds / Math.max(1, done) * (total - done);
            line("%s: %d of %d, about %.0f s left", task, done, total, left);
        }
    }

    private void line(String format, Object... values) {
        lines.accept(String.format(Locale.ROOT, format, values));
    }

    /** From JDK 22 on a console need not be a terminal, and has a method that says so. */
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

    private void endTask() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        task = "";
    }
}
