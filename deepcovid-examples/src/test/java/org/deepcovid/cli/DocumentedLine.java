package org.deepcovid.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The command line as the pages use it, away from the user's own settings. */
public final class DocumentedLine {

    private static final ProcessContext NOWHERE =
            new ProcessContext(Path.of(""), Map.of(), Path.of("").toAbsolutePath(), "Linux");

    private DocumentedLine() {}

    private static DeepCovid app() {
        return new DeepCovid(NOWHERE, ConsoleProgress.Style.NONE, NetworkOptions.Source.standard());
    }

    /** The command line with its subcommands. */
    public static CommandLine commandLine() {
        return DeepCovid.commands(app());
    }

    /** The parser's message about a command, empty if the command is valid. */
    public static String problem(List<String> words) {
        try {
            commandLine().parseArgs(words.toArray(String[]::new));
            return "";
        } catch (CommandLine.ParameterException e) {
            return e.getMessage();
        }
    }

    /** Runs a command in this JVM, printing to the standard streams, and returns its exit code. */
    public static int run(List<String> words) {
        return app().run(
                        new PrintWriter(System.out, true, UTF_8),
                        new PrintWriter(System.err, true, UTF_8),
                        words.toArray(String[]::new));
    }
}
