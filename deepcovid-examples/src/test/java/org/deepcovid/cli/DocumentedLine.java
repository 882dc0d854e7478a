package org.deepcovid.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** The command line as the pages use it, away from the user's own settings. */
public final class DocumentedLine {

    private static final ProcessContext NOWHERE =
            new ProcessContext(Path.of(""), Map.of(), Path.of("").toAbsolutePath(), "Linux");

    private DocumentedLine() {}

    /** The command line with its subcommands. */
    public static CommandLine commandLine() {
        return DeepCovid.commands(new DeepCovid(NOWHERE, ConsoleProgress.Style.NONE));
    }

    /**
     * Parses a command.
     *
     * @param words command and arguments
     * @return the parser's message, empty if the words can be parsed
     */
    public static Optional<String> problem(List<String> words) {
        try {
            commandLine().parseArgs(words.toArray(String[]::new));
            return Optional.empty();
        } catch (CommandLine.ParameterException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Runs a command in this JVM, printing to the standard streams.
     *
     * @param words command and arguments
     * @return the exit code
     */
    public static int run(List<String> words) {
        return DeepCovid.run(
                NOWHERE,
                ConsoleProgress.Style.NONE,
                new PrintWriter(System.out, true, UTF_8),
                new PrintWriter(System.err, true, UTF_8),
                words.toArray(String[]::new));
    }
}
