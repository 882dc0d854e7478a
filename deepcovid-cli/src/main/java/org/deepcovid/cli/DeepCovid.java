package org.deepcovid.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.deepcovid.core.provenance.WritingTime;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line of the library; {@code deepcovid help} lists the commands. */
@Command(
        name = "deepcovid",
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class,
        subcommands = {
            Demo.class,
            Prepare.class,
            FineTune.class,
            Evaluate.class,
            Recalibrate.class,
            Predict.class,
            Explain.class,
            Audit.class,
            Compare.class,
            Reproduce.class,
            Export.class,
            Info.class,
            GenerateCompletion.class,
            HelpCommand.class
        },
        description = {
            "Fine-tunes, evaluates and explains classifiers of chest radiographs.",
            "Research software. Not a diagnostic device."
        },
        footer = {
            "",
            "Start here:",
            "  deepcovid demo                      all steps, on synthetic images",
            "  deepcovid demo FOLDER               the same on your radiographs",
            "  deepcovid help COMMAND              options and examples of a command",
            "",
            "Exit codes: 0 done; 1 partly done, or problems found; 2 wrong command line;",
            "3 an input or output cannot be used; 4 an error of this program; 130 interrupted.",
            "Defaults of options: deepcovid.properties here or in ~/.config/deepcovid/.",
            "A name that begins with a capital letter runs that example main."
        })
public final class DeepCovid implements Callable<Integer> {

    @Option(
            names = "--seed",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description =
                    "seed of all random choices; the same seed gives the same result (default 1)")
    long seed = 1;

    @Option(
            names = "--threads",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "threads per computation (default: number of processors)")
    private Integer threads;

    @Option(
            names = "--config",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "properties file with defaults of options")
    @SuppressWarnings("UnusedVariable") // read before parsing; declared for the help
    private Path configFile;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            arity = "0",
            fallbackValue = "true",
            description = "results and errors only")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "more messages; twice: also library logs and stack traces")
    boolean[] verbose = {};

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            arity = "0",
            fallbackValue = "true",
            description = "stack traces of errors")
    private boolean debug;

    final ProcessContext context;
    private final ConsoleProgress.Style progressStyle;
    final NetworkOptions.Source networks;
    ConfigFiles config;
    private CommandLine line;

    DeepCovid(
            ProcessContext context,
            ConsoleProgress.Style progressStyle,
            NetworkOptions.Source networks) {
        this.context = context;
        this.progressStyle = progressStyle;
        this.networks = networks;
    }

    /**
     * Runs a command and ends the process with its exit code. A first word that begins with a
     * capital letter runs the example main of that name.
     *
     * @param args command or name of an example main, then its arguments
     */
    public static void main(String[] args) {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true"); // figures need no display
        }
        Interruption interruption = Interruption.watch();
        if (args.length > 0 && ExampleMains.isName(args[0])) {
            interruption.exit(ExampleMains.run(args));
            return;
        }
        Charset charset = Charset.defaultCharset();
        interruption.exit(
                new DeepCovid(
                                ProcessContext.ofThisProcess(),
                                ConsoleProgress.Style.fitting(),
                                NetworkOptions.Source.standard())
                        .run(
                                new PrintWriter(
                                        new PipedOutput(new FileOutputStream(FileDescriptor.out)),
                                        true,
                                        charset),
                                new PrintWriter(System.err, true, charset),
                                args));
    }

    /** Runs a command in this process and returns its exit code. */
    int run(PrintWriter out, PrintWriter err, String... args) {
        line = commands(this).setOut(out).setErr(err);
        try {
            config = ConfigFiles.read(context, line, args);
            line.setDefaultValueProvider(config);
            return written(line.execute(args), out, err);
        } catch (PipedOutput.ReaderEnded e) {
            return ExitCode.OK;
        } catch (IllegalArgumentException e) { // of the configuration
            return fail(e, ExitCode.USAGE);
        } catch (Throwable e) {
            return fail(e, ExitCode.of(e));
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** Print writers report write errors, such as a full disk, only when checked. */
    private static int written(int code, PrintWriter out, PrintWriter err) {
        if (!out.checkError()) {
            return code;
        }
        err.println(
                "error: results could not be written to standard output (disk full?); write them"
                        + " to another place");
        return code == ExitCode.OK ? ExitCode.FAILED : code;
    }

    /** The tree of commands. */
    static CommandLine commands(DeepCovid app) {
        CommandLine line = new CommandLine(app);
        HelpText.arrange(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(
                (failure, args) -> {
                    HelpText.explain(failure, app.config, args);
                    return ExitCode.USAGE;
                });
        line.setExecutionExceptionHandler(
                (failure, command, parsed) -> app.fail(failure, ExitCode.of(failure)));
        line.setExecutionStrategy(
                parsed -> {
                    app.prepare();
                    return new CommandLine.RunLast().execute(parsed);
                });
        return line;
    }

    /** Applies the options before libraries read their settings. */
    private void prepare() {
        try {
            WritingTime.now();
        } catch (IllegalArgumentException e) { // before the work whose files carry it
            throw new CommandLine.ParameterException(line, e.getMessage(), e);
        }
        if (threads != null) {
            if (threads < 1) {
                throw new CommandLine.ParameterException(
                        line, "--threads is %d; expected at least 1".formatted(threads));
            }
            System.setProperty(DeepCovidRuntime.THREADS, threads.toString());
            System.setProperty(
                    "java.util.concurrent.ForkJoinPool.common.parallelism", threads.toString());
        }
        if (quiet || verbose.length > 0) {
            String level = quiet ? "error" : verbose.length > 1 ? "info" : "warn";
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level);
        }
    }

    private int fail(Throwable failure, int code) {
        if (failure instanceof PipedOutput.ReaderEnded) {
            return ExitCode.OK;
        }
        PrintWriter err = line.getErr();
        err.println(PlainText.of(Failures.message(failure)));
        if (debug || verbose.length > 1) {
            failure.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    /** Prints the help if no command is given. */
    @Override
    public Integer call() {
        line.usage(line.getErr());
        return ExitCode.USAGE;
    }

    ConsoleProgress progress(Consumer<String> lines) {
        ConsoleProgress.Style style = quiet ? ConsoleProgress.Style.NONE : progressStyle;
        return new ConsoleProgress(style, lines);
    }
}
