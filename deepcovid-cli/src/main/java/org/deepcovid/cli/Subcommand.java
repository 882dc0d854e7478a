package org.deepcovid.cli;

import org.deepcovid.core.io.IfExists;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** A subcommand: results go to standard output, remarks and progress to standard error. */
abstract class Subcommand implements Callable<Integer> {

    static final String NOTICE = "Scores of a research model. Not a diagnostic device.";

    @ParentCommand private DeepCovid app;
    @Spec private CommandSpec spec;

    final CommandLine commandLine() {
        return spec.commandLine();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Prints a line of the result. */
    final void print(String format, Object... values) {
        out().println(String.format(Locale.ROOT, format, values));
        out().flush();
    }

    /** Prints a remark, unless asked to be quiet. */
    final void remark(String format, Object... values) {
        if (!app.quiet()) {
            warn(format, values);
        }
    }

    /** Prints a remark that is wanted with {@code -v} only. */
    final void detail(String format, Object... values) {
        if (app.verbosity() > 0) {
            warn(format, values);
        }
    }

    /** Prints what the user must know, quiet or not. */
    final void warn(String format, Object... values) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(String.format(Locale.ROOT, format, values));
        err.flush();
    }

    final ConsoleProgress progress() {
        return app.progress(line -> warn("%s", line));
    }

    /** Between steps that cannot be interrupted, so that Ctrl-C does not wait for all of them. */
    static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("nothing was done yet");
        }
    }

    final long seed() {
        return app.seed();
    }

    final ProcessContext context() {
        return app.context();
    }

    final NetworkOptions.Source networks() {
        return app.networks();
    }

    final ConfigFiles config() {
        return app.config();
    }

    static IfExists ifExists(boolean overwrite) {
        return overwrite ? IfExists.REPLACE : IfExists.FAIL;
    }

    /** A wrong command line that the parser could not know to be wrong. */
    final ParameterException usage(String format, Object... values) {
        return new ParameterException(
                spec.commandLine(), String.format(Locale.ROOT, format, values));
    }
}
